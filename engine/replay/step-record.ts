import type { StepRecord, WaitingRecord } from '../model/state';
import { stepType, type Progress, type StepCall } from './steps';

/** The record of a step that the run enters now. */
export function enter(step: string, { kind }: StepCall, logicalTime: number): WaitingRecord {
  return {
    step,
    kind,
    enteredAt: logicalTime,
    status: 'waiting',
    until: null,
    awaits: [],
    hold: null,
    reason: '',
    facts: {},
  };
}

/**
 * The record of an entered step after its evaluation: decided, or waiting further.
 * @param at when it was evaluated, epoch milliseconds of logical time
 * @param version the version of the definitions that evaluated it
 */
export function recordOutcome(
  { step, enteredAt }: WaitingRecord,
  { kind }: StepCall,
  progress: Progress,
  at: number,
  version: string,
): StepRecord {
  if ('done' in progress) return { step, kind, enteredAt, status: 'done', at, facts: {}, ...progress.done, version };
  const {
    until,
    reason,
    facts = {},
    awaits = [],
    narrowed,
    hold = null,
    zone,
    follows,
    awaitsAnswer,
    askedAt,
    collectsSince,
    holds,
    asked,
  } = progress.waiting;
  return {
    step,
    kind,
    enteredAt,
    status: 'waiting',
    until,
    awaits,
    ...(narrowed && { narrowed }),
    hold,
    ...(zone !== undefined && { zone }),
    ...(follows && { follows }),
    ...(awaitsAnswer && { awaitsAnswer }),
    ...(collectsSince !== undefined && { collectsSince }),
    ...(askedAt !== undefined && { askedAt }),
    ...(holds && { holds }),
    ...(asked && { asked }),
    reason,
    facts,
    version,
  };
}

/** What the timeline says of a step that was decided or skipped. */
export function describeOutcome({ kind, outcome }: Exclude<StepRecord, WaitingRecord>): string {
  return stepType(kind).describe?.(outcome) ?? 'done';
}
