import type { Json, JsonObject } from './json';
import type { Hold, Memory, Run, SkipCause, StepKind, StepRecord } from './state';

/*
 * A stored user may be older than the types in `state.ts`. All code reads stored runs and memories through this file. It is
 * the only place where the text of a reason decides anything.
 *
 * Format 1 kept in `reason` and `facts` what has a field of its own since format 2: what holds a step, which events a wait
 * awaits, the zone it was computed in, and why a step was skipped.
 */

/** A step record of any format. */
interface StoredRecord {
  readonly step: string;
  readonly kind: StepKind;
  readonly enteredAt: number;
  readonly status: 'waiting' | 'done' | 'skipped';
  readonly outcome?: Json;
  readonly at?: number | null;
  readonly reason: string;
  readonly facts: JsonObject;
  readonly until?: number | null;
  readonly content?: string;
  readonly version?: string;
}

/** A run as stored, in any format. */
export type StoredRun = Omit<Run, 'journal'> & { readonly journal: readonly (StoredRecord | StepRecord)[] };

/** A memory as stored, in any format. */
export type StoredMemory = Omit<Memory, 'watermark'> & { readonly watermark?: number; readonly clock?: number };

/** A stored run in the current format. A run that is in this format already is returned as it is. */
export function readRun(run: StoredRun): Run {
  return run.journal.every(isPresent) ? (run as Run) : { ...run, journal: run.journal.map(readRecord) };
}

/** A stored memory in the current format. */
export function readMemory({ clock = 0, ...memory }: StoredMemory): Memory {
  return { ...memory, watermark: memory.watermark ?? clock };
}

/** A stored step record in the current format. */
export function readRecord(record: StoredRecord | StepRecord): StepRecord {
  return isPresent(record) ? record : readFormat1(record);
}

function isPresent(record: StoredRecord | StepRecord): record is StepRecord {
  return record.status === 'waiting'
    ? 'hold' in record
    : record.status === 'skipped'
      ? 'cause' in record
      : !('until' in record);
}

function readFormat1({ outcome = null, at, until = null, facts, ...record }: StoredRecord): StepRecord {
  const { awaits, was, ...rest } = facts;
  const { step, kind, enteredAt, reason, content, version } = record;
  const base = { step, kind, enteredAt, reason, facts: rest, ...(version !== undefined && { version }) };
  if (record.status === 'waiting') {
    const { zone } = facts;
    return {
      ...base,
      status: 'waiting',
      until,
      awaits: Array.isArray(awaits) ? awaits.filter((name) => typeof name === 'string') : [],
      hold: HOLDS[reason] ?? null,
      ...(kind === 'sleepUntil' && typeof zone === 'string' && { zone }),
      ...(kind === 'call' && { awaitsAnswer: true as const }),
    };
  }
  const decided = { ...base, outcome, at: at ?? enteredAt, ...(content !== undefined && { content }) };
  if (record.status === 'done') return { ...decided, status: 'done' };
  const cause = CAUSES[reason] ?? (reason.startsWith('decided before as ') ? 'other kind' : 'behind');
  return { ...decided, status: 'skipped', cause, ...(typeof was === 'string' && { renamedFrom: was }) };
}

const HOLDS: Readonly<Record<string, Hold | undefined>> = {
  paused: 'paused',
  'quiet hours': 'quiet hours',
  'no address yet': 'address',
  'catching up': 'catching up',
};

const CAUSES: Readonly<Record<string, SkipCause | undefined>> = {
  'behind the position': 'behind',
  'removed from the journey': 'removed',
  renamed: 'renamed',
};
