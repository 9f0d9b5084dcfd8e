import type { Advanced } from '../advance/advance';
import type { Definitions } from '../definitions/definitions';
import { enteredBy, openCalls, shownReason, waitingRecord } from '../model/run';
import type { ChannelName, Message, Run, StepRecord, UserState, WaitingRecord } from '../model/state';
import { journeyOf } from '../definitions/versions';

/**
 * What happens to a run: it waits in the same step (`stays`) or in another (`moves`), ends, is parked by an error, is
 * new (`enters`), or has no code to run (`left alone`).
 */
export type Fate = 'stays' | 'moves' | 'ends' | 'parked' | 'enters' | 'left alone';

/**
 * A message that the advance decides. `at` is when it goes out, epoch milliseconds; a held message is decided again
 * then.
 */
export interface MessageOutlook {
  readonly step: string;
  readonly channel: ChannelName;
  readonly status: Message['status'];
  readonly reason: string;
  readonly at: number;
}

/** What one advance of a user does to one of their runs. */
export interface RunOutlook {
  readonly run: string;
  readonly journey: string;
  readonly fate: Fate;
  /** The step before the advance; null for a new run, or one that has not reached a step. */
  readonly from: string | null;
  /** The step after the advance; null once the run has ended. */
  readonly to: string | null;
  /**
   * Why the run doesn't stay. For a run that stays: `sooner` or `later` if the end of its wait changes, otherwise ''.
   */
  readonly why: string;
  /** New steps behind the run's position, which are skipped. */
  readonly skips: readonly string[];
  /** Messages decided now, except those that stay held until the same moment as before. */
  readonly messages: readonly MessageOutlook[];
  /** Steps that ask for a call now. */
  readonly calls: readonly string[];
}

/**
 * Describes what an advance does to a user, run by run. It compares the state given to `advance` with its result, and
 * decides nothing itself.
 * @param now the wall time of the advance, epoch milliseconds
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
      skips: addedRecords(was, run)
        .filter((record) => record.status === 'skipped' && record.cause === 'behind')
        .map(({ step }) => step),
      messages: advanced.effects.messages
        .filter(({ runId }) => runId === run.id)
        .flatMap((each) => messageOutlook(each, was, run)),
      calls: addedCalls(was, run),
    };
  });
}

/** The step in which a run waits or was parked; null when it has not reached one. */
function stepOf(run: Run): string | null {
  return waitingRecord(run)?.step ?? run.failure?.step ?? run.journal.at(-1)?.step ?? null;
}

/** The records of steps that the run had not entered before. */
function addedRecords(was: Run | null, run: Run): StepRecord[] {
  const entered = new Set(was?.journal.map(({ step }) => step));
  return run.journal.filter(({ step }) => !entered.has(step));
}

/** The steps that ask for a call and that the run had not entered before. */
function addedCalls(was: Run | null, run: Run): string[] {
  const entered = new Set(was?.journal.map(({ step }) => step));
  return openCalls(run).flatMap(({ step }) => (entered.has(step) ? [] : [step]));
}

function leftAlone({ journey }: Run, { journeys }: Definitions): Pick<RunOutlook, 'fate' | 'why'> {
  const known = journeys.some(({ id }) => id === journey);
  return { fate: 'left alone', why: known ? 'its version does not fit any more' : 'the journey no longer exists' };
}

function fateOf(was: Run | null, run: Run, now: number): Pick<RunOutlook, 'fate' | 'why'> {
  if (run.status === 'failed') return { fate: 'parked', why: run.reason };
  if (!was) return { fate: 'enters', why: enteredBy(run) };
  if (run.endedAt !== null) return { fate: 'ends', why: `${run.status}: ${run.reason}` };
  if (was.status === 'failed') return { fate: 'moves', why: 'was parked, resumes' };
  const waited = waitingRecord(was);
  const waits = waitingRecord(run);
  if (!waited || waited.step !== waits?.step) return { fate: 'moves', why: whyMoved(waited, run, now) };
  return { fate: 'stays', why: shift(waited.until, waits.until) };
}

function whyMoved(waited: WaitingRecord | undefined, run: Run, now: number): string {
  const record = run.journal.find(({ step }) => step === waited?.step);
  if (!waited || !record) return 'advanced for the first time';
  if (record.status === 'skipped') return record.cause === 'removed' ? 'its step was removed' : record.reason;
  if (record.status === 'done' && record.outcome !== null) return `decided: ${shownReason(record)}`;
  return waited.until !== null && waited.until <= now ? 'its wait is over' : 'its wait is overdue under the new code';
}

function shift(before: number | null, after: number | null): string {
  const [was, is] = [before ?? Infinity, after ?? Infinity];
  return was === is ? '' : is < was ? 'sooner' : 'later';
}

function messageOutlook(
  { step, channel, status, reason, decidedAt }: Message,
  was: Run | null,
  run: Run,
): MessageOutlook[] {
  const until = waitingRecord(run)?.until ?? decidedAt;
  const before = was ? waitingRecord(was) : undefined;
  if (status === 'held' && before?.step === step && before.until === until) return [];
  return [{ step, channel, status, reason, at: status === 'held' ? until : decidedAt }];
}
