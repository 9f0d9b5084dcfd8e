import { waitingRecord } from '../model/run';
import { MissingHistoryError } from '../user/history';
import type { StepRecord } from '../model/state';
import type { RunContext, StepContext } from './context';
import { firstName, formerOf, underNewName } from './renamed';
import { replay, type OnStep } from './replay';
import { answerOf, type MessageContent } from './steps';

/** The place of a user in edited code. */
export interface Reconciled {
  /** The steps on the user's way, as far as the replay got. */
  readonly met: ReadonlySet<string>;
  /**
   * The last step the user entered that the code still has; null when there is none. If they wait in a removed step and `onEdit`
   * sends them to a step they have not entered, it is that step.
   */
  readonly position: string | null;
}

/** For a run without an edit, whose position does not matter. */
export const UNCHANGED: Reconciled = { met: new Set(), position: null };

/**
 * Finds the place of a user in edited code. Messages under new names are recognized.
 * @throws {MissingHistoryError} when a step that is skipped asks for events that are not at hand
 */
export async function reconcile(context: RunContext): Promise<Reconciled> {
  const { journal } = context.run;
  if (journal.length === 0) return UNCHANGED;
  const walked = await walk(context, journal);
  const known = walked.messages.reduce<readonly StepRecord[]>((records, [step, message]) => {
    const former = formerOf(records, message, walked.met);
    const { logicalTime, definitions } = context;
    return former ? [...records, underNewName(former, step, logicalTime, definitions.version)] : records;
  }, journal);
  const { met, position } = known.length > journal.length ? await walk(context, known) : walked;
  return { met, position: redirected(context, known, met) ?? position };
}

interface Walk extends Reconciled {
  /** The messages of steps that are not in the journal. */
  readonly messages: readonly (readonly [string, MessageContent])[];
}

/**
 * Replays the code and skips every step that is not in the journal, until it reaches the last step of the journal. If the
 * steps of the journal come first in the code, as they do without an edit, no other step is met.
 * @param known the journal, with the records of renamed steps
 */
async function walk(context: RunContext, known: readonly StepRecord[]): Promise<Walk> {
  const { run, journey } = context;
  const last = run.journal.length - 1;
  const places = new Map(run.journal.map(({ step }, index) => [step, index]));
  const records = new Map(known.map((record) => [record.step, record]));
  const met = new Set<string>();
  const messages: Walk['messages'][number][] = [];
  let position: string | null = null;
  let furthest = -1;

  const onStep: OnStep = (step, call) => {
    met.add(step);
    const record = records.get(step);
    const place = places.get(step) ?? (record ? places.get(firstName(record)) : undefined) ?? -1;
    if (place > furthest) [furthest, position] = [place, step];
    if (furthest === last) return 'suspend';
    if (!record && call.message) messages.push([step, call.message]);
    const consumed = new Set(run.consumed);
    const skipping: StepContext = { ...context, consumed, journal: records, step, turn: 0, entering: false };
    const isRecorded = record !== undefined && record.kind === call.kind && record.status !== 'waiting';
    return { value: answerOf(call, isRecorded ? record.outcome : call.skip(skipping).outcome) };
  };

  const result = await replay(journey, run, onStep);
  // A step that is skipped may ask for events. Without them, the place is not known.
  if (result.kind === 'threw' && result.error instanceof MissingHistoryError) throw result.error;
  return { met, messages, position };
}

/**
 * The step to which `onEdit` sends a user who waits in a removed step; null when it sends them nowhere.
 * @param met the steps that the code has on this user's way
 */
function redirected(
  { run, journey }: RunContext,
  known: readonly StepRecord[],
  met: ReadonlySet<string>,
): string | null {
  const waiting = waitingRecord(run);
  if (!waiting || met.has(waiting.step)) return null;
  const entered = new Set(known.map(({ step }) => step));
  const redirection = journey.onEdit?.find(({ from, to }) => from === waiting.step && met.has(to) && !entered.has(to));
  return redirection?.to ?? null;
}
