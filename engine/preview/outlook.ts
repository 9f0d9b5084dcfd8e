import type { Advanced } from '../advance/advance';
import type { Definitions } from '../definitions/definitions';
import { openCalls, waitingRecord } from '../model/run';
import type { ChannelName, Message, Run, StepRecord, UserState, WaitingRecord } from '../model/state';
import { journeyOf } from '../definitions/versions';

/** What becomes of a run: it waits in the same step or in another, ends, is parked by an error, or is new. */
export type Fate = 'stays' | 'moves' | 'ends' | 'parked' | 'enters' | 'left alone';

/** A message that is decided at the look. `at` is when it goes out; a held one is decided again then. */
export interface MessageOutlook {
  readonly step: string;
  readonly channel: ChannelName;
  readonly status: Message['status'];
  readonly reason: string;
  readonly at: number;
}

/** What one look at a user does to one of their runs. */
export interface RunOutlook {
  readonly run: string;
  readonly journey: string;
  readonly fate: Fate;
  /** The step they are in before; null for a run that is new, or that never reached one. */
  readonly from: string | null;
  /** The step they are in afterwards; null once the run has ended. */
  readonly to: string | null;
  /** Why it doesn't stay; for one that stays whether its wait ends `sooner` or `later`, or ''. */
  readonly why: string;
  /** New steps behind the position, which are passed over. */
  readonly skips: readonly string[];
  /** Messages decided now, except those held before and held on until the same moment. */
  readonly messages: readonly MessageOutlook[];
  /** Steps whose call is asked for now. */
  readonly calls: readonly string[];
}

/**
 * What a look at a user does, run by run: the difference between the state given to `advance` and what it answered. Nothing
 * is decided here; it is read off what the engine decided.
 * @param now when the look takes place, epoch milliseconds
 */
export function outlook(before: UserState, advanced: Advanced, definitions: Definitions, now: number): RunOutlook[] {
  const after = new Map([...before.runs, ...advanced.state.runs, ...advanced.changedRuns].map((run) => [run.id, run]));
  const former = new Map(before.runs.map((run) => [run.id, run]));
  return [...after.values()].map((run) => {
    const was = former.get(run.id) ?? null;
    return {
      run: run.id,
      journey: run.journey,
      from: was && stepOf(was),
      to: run.endedAt === null ? stepOf(run) : null,
      ...(journeyOf(definitions.journeys, run) ? fateOf(was, run, now) : leftAlone(run, definitions)),
      skips: added(was, run)
        .filter((record) => record.status === 'skipped' && record.cause === 'behind')
        .map(({ step }) => step),
      messages: advanced.effects.messages
        .filter(({ runId }) => runId === run.id)
        .flatMap((each) => told(each, was, run)),
      calls: callsAddedBy(was, run),
    };
  });
}

/** The step a run is in: where it waits or was parked. */
function stepOf(run: Run): string | null {
  return waitingRecord(run)?.step ?? run.failure?.step ?? run.journal.at(-1)?.step ?? null;
}

/** Records of steps the run had not entered before. */
function added(was: Run | null, run: Run): StepRecord[] {
  const entered = new Set(was?.journal.map(({ step }) => step));
  return run.journal.filter(({ step }) => !entered.has(step));
}

/** Steps whose call is asked for, among those the run had not entered before. */
function callsAddedBy(was: Run | null, run: Run): string[] {
  const entered = new Set(was?.journal.map(({ step }) => step));
  return openCalls(run).flatMap(({ step }) => (entered.has(step) ? [] : [step]));
}

function leftAlone({ journey }: Run, { journeys }: Definitions): Pick<RunOutlook, 'fate' | 'why'> {
  const known = journeys.some(({ id }) => id === journey);
  return { fate: 'left alone', why: known ? 'its version does not fit any more' : 'no such journey any more' };
}

function fateOf(was: Run | null, run: Run, now: number): Pick<RunOutlook, 'fate' | 'why'> {
  if (run.status === 'failed') return { fate: 'parked', why: run.reason };
  if (!was) return { fate: 'enters', why: run.trigger.name };
  if (run.endedAt !== null) return { fate: 'ends', why: `${run.status}: ${run.reason}` };
  if (was.status === 'failed') return { fate: 'moves', why: 'parked before, goes on' };
  const waited = waitingRecord(was);
  const waits = waitingRecord(run);
  if (!waited || waited.step !== waits?.step) return { fate: 'moves', why: whyMoved(waited, run, now) };
  return { fate: 'stays', why: shift(waited.until, waits.until) };
}

function whyMoved(waited: WaitingRecord | undefined, run: Run, now: number): string {
  const record = run.journal.find(({ step }) => step === waited?.step);
  if (!waited || !record) return 'looked at for the first time';
  if (record.status === 'skipped') return record.cause === 'removed' ? 'its step was removed' : record.reason;
  if (record.status === 'done' && record.outcome !== null) return `decided: ${record.reason}`;
  return waited.until !== null && waited.until <= now ? 'its wait is over' : 'its wait is overdue under the new code';
}

function shift(before: number | null, after: number | null): string {
  const [was, is] = [before ?? Infinity, after ?? Infinity];
  return was === is ? '' : is < was ? 'sooner' : 'later';
}

function told({ step, channel, status, reason, decidedAt }: Message, was: Run | null, run: Run): MessageOutlook[] {
  const until = waitingRecord(run)?.until ?? decidedAt;
  const before = was ? waitingRecord(was) : undefined;
  if (status === 'held' && before?.step === step && before.until === until) return [];
  return [{ step, channel, status, reason, at: status === 'held' ? until : decidedAt }];
}
