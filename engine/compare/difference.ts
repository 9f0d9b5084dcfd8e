import type { MemoryHost } from '../testing/memory-host';
import type { Json } from '../model/json';
import { enteredBy, shownReason } from '../model/run';
import type { ChannelName, Message, Run, StepRecord } from '../model/state';

/** The kinds of differences between two courses of one life. */
export type DifferenceKind =
  | 'more'
  | 'fewer'
  | 'at another time'
  | 'worded otherwise'
  | 'enter'
  | 'do not enter'
  | 'leave earlier'
  | 'leave later'
  | 'leave otherwise'
  | 'parked'
  | 'not parked'
  | 'take another way';

/** One difference. */
export interface Difference {
  readonly journey: string;
  readonly kind: DifferenceKind;
  /** The step concerned. For `take another way`, the first step that differs. */
  readonly step: string | null;
  readonly channel: ChannelName | null;
  /** The state before and after, with reasons. */
  readonly why: string;
}

/** The course that a life took. */
export type Course = Pick<MemoryHost, 'runs' | 'messages'>;

/**
 * Lists the differences between the courses of one life under the old and the new definitions.
 * @param since the start of the comparison, epoch milliseconds; earlier decisions are left out
 * @returns an empty list when the courses are alike
 */
export function differences(before: Course, after: Course, since: number): Difference[] {
  const pairs = pair(new Map(before.runs.map((run) => [run.id, run])), new Map(after.runs.map((run) => [run.id, run])));
  return [
    ...pairs.flatMap(([old, now]) => runDifferences(old, now, since)),
    ...pair(before.messages, after.messages).flatMap(([old, now]) => messageDifferences(old, now, since)),
  ];
}

type Pair<Value> = readonly [Value, Value | undefined] | readonly [undefined, Value];

function pair<Value>(before: ReadonlyMap<string, Value>, after: ReadonlyMap<string, Value>): Pair<Value>[] {
  const added = [...after].filter(([id]) => !before.has(id));
  return [
    ...[...before].map(([id, value]) => [value, after.get(id)] as const),
    ...added.map(([, value]) => [undefined, value] as const),
  ];
}

function runDifferences(old: Run | undefined, now: Run | undefined, since: number): Difference[] {
  const run = old ?? now;
  if (!run) return [];
  const found = (kind: DifferenceKind, step: string | null, why: string): Difference[] => [
    { journey: run.journey, kind, step, channel: null, why },
  ];
  if (!old || !now) return run.enteredAt < since ? [] : found(now ? 'enter' : 'do not enter', null, enteredBy(run));
  const parts = parting(old.journal, now.journal);
  const parted = parts && Math.max(timeOf(parts.before), timeOf(parts.after)) >= since;
  return [
    ...(parted
      ? found(
          'take another way',
          (parts.after ?? parts.before)?.step ?? null,
          `${describe(parts.before)} → ${describeAfter(parts)}`,
        )
      : []),
    ...leaving(old, now, since).flatMap((kind) => found(kind, null, `${describeEnd(old)} → ${describeEnd(now)}`)),
    ...(now.status === 'failed' && old.status !== 'failed'
      ? found('parked', now.failure?.step ?? null, now.reason)
      : []),
    ...(old.status === 'failed' && now.status !== 'failed'
      ? found('not parked', old.failure?.step ?? null, old.reason)
      : []),
  ];
}

interface Parting {
  readonly before: StepRecord | undefined;
  readonly after: StepRecord | undefined;
}

/**
 * Finds the first step at which two journals differ.
 * @returns null when they don't differ
 */
function parting(before: readonly StepRecord[], after: readonly StepRecord[]): Parting | null {
  const length = Math.max(before.length, after.length);
  for (let index = 0; index < length; index++) {
    const [old, now] = [before[index], after[index]];
    if (essence(old) !== essence(now)) return { before: old, after: now };
  }
  return null;
}

/** The part of a record that is compared. The deadline of a wait that is over makes no difference. */
function essence(record: StepRecord | undefined): string {
  if (!record) return '';
  const { step, kind, status, enteredAt } = record;
  return JSON.stringify([step, kind, status, outcomeOf(record), enteredAt, timeOf(record)]);
}

function timeOf(record: StepRecord | undefined): number {
  if (!record) return 0;
  return record.status === 'waiting' ? (record.until ?? record.enteredAt) : record.at;
}

function outcomeOf(record: StepRecord): Json {
  return record.status === 'waiting' ? null : record.outcome;
}

function describe(record: StepRecord | undefined): string {
  return record ? `${record.step} ${record.status}: ${shownReason(record)}` : 'nothing';
}

/** Describes the step under the new definitions. If the text is the same as before, it says how the time differs. */
function describeAfter({ before, after }: Parting): string {
  const [was, is] = [timeOf(before), timeOf(after)];
  if (describe(before) !== describe(after) || was === is) return describe(after);
  return is < was ? 'sooner' : 'later';
}

function leaving(old: Run, now: Run, since: number): DifferenceKind[] {
  const [was, is] = [old.endedAt ?? Infinity, now.endedAt ?? Infinity];
  if (Math.min(was, is) < since && Math.max(was, is) < since) return [];
  if (is < was) return ['leave earlier'];
  if (is > was) return ['leave later'];
  return endOf(old) === endOf(now) ? [] : ['leave otherwise'];
}

/** The end of a run, in a form to compare: what ended it, which exit step if one did, and whether the entry counts. */
function endOf({ endedBy, endedAt, journal, uncounted }: Run): string {
  if (endedAt === null) return '';
  return JSON.stringify([endedBy, endedBy === 'exit step' ? journal.at(-1)?.step : null, uncounted === true]);
}

function describeEnd({ status, reason, endedAt, uncounted }: Run): string {
  return endedAt === null ? 'inside' : `${status}: ${reason}${uncounted ? ' (not counted)' : ''}`;
}

function messageDifferences(old: Message | undefined, now: Message | undefined, since: number): Difference[] {
  const sent = [old, now].map((message) =>
    message?.status === 'queued' && message.decidedAt >= since ? message : undefined,
  );
  const [was, is] = sent;
  const found = ({ journey, step, channel }: Message, kind: DifferenceKind): Difference => ({
    journey,
    kind,
    step,
    channel,
    why: `${describeMessage(old)} → ${describeMessage(now)}`,
  });
  if (was && is && was.channel === is.channel) {
    if (was.decidedAt !== is.decidedAt) return [found(is, 'at another time')];
    return wording(was) === wording(is) ? [] : [found(is, 'worded otherwise')];
  }
  // The message was sent in both, and at least one of the two was sent before the period.
  if (old?.status === 'queued' && now?.status === 'queued' && old.channel === now.channel)
    return was || is ? [found(now, 'at another time')] : [];
  return [...(was ? [found(was, 'fewer')] : []), ...(is ? [found(is, 'more')] : [])];
}

function wording({ template, data }: Message): string {
  return JSON.stringify([template, data]);
}

function describeMessage(message: Message | undefined): string {
  return message ? `${message.status === 'queued' ? 'sent' : message.status}: ${message.reason}` : 'not reached';
}
