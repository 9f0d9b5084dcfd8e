import { replay, type OnStep } from './replay';
import type { RunContext } from './run';
import { firstName, formerOf, underNewName } from './renamed';
import type { StepRecord } from '../model/state';
import type { StepDetail } from './steps/index';
import { answerOf, type StepContext } from './steps/handler';

/** What edited code has for a user: every step on their way as far as it is known, and where among them they are. */
export interface Reconciled {
  readonly met: ReadonlySet<string>;
  /**
   * The last step they entered that the code still has; null when there is none. For somebody who waits in a step the code no
   * longer has, and whom the journey's `onEdit` sends to another they have not entered yet, it is that step.
   */
  readonly position: string | null;
}

/** Where code that has not changed has a user does not matter. */
export const UNCHANGED: Reconciled = { met: new Set(), position: null };

/** Finds a user's way through edited code, messages under new names included. */
export async function reconcile(look: RunContext): Promise<Reconciled> {
  const { journal } = look.run;
  if (journal.length === 0) return UNCHANGED;
  const walked = await walk(look, journal);
  const known = walked.messages.reduce<readonly StepRecord[]>((records, [step, detail]) => {
    const former = formerOf(records, detail, walked.met);
    return former ? [...records, underNewName(former, step, look.logicalTime, look.definitions.version)] : records;
  }, journal);
  const { met, position } = known.length > journal.length ? await walk(look, known) : walked;
  return { met, position: redirected(look, known, met) ?? position };
}

interface Walk extends Reconciled {
  /** Sends that are not known. */
  readonly messages: readonly (readonly [string, StepDetail])[];
}

/**
 * Runs the code ahead with every unknown step skipped. As long as the known steps come first, which is always so
 * without an edit, the last of the journal is found without meeting an unknown one.
 * @param known the journal, and what of it goes by new names
 */
async function walk(look: RunContext, known: readonly StepRecord[]): Promise<Walk> {
  const { run, journey } = look;
  const last = run.journal.length - 1;
  const places = new Map(run.journal.map(({ step }, index) => [step, index]));
  const records = new Map(known.map((record) => [record.step, record]));
  const met = new Set<string>();
  const messages: Walk['messages'][number][] = [];
  let position: string | null = null;
  let furthest = -1;

  const onStep: OnStep = (step, handler, detail) => {
    met.add(step);
    const record = records.get(step);
    const place = places.get(step) ?? (record ? places.get(firstName(record)) : undefined) ?? -1;
    if (place > furthest) [furthest, position] = [place, step];
    if (furthest === last) return 'suspend';
    if (!record && detail.templates) messages.push([step, detail]);
    const context: StepContext = { ...look, consumed: new Set(run.consumed), step, entering: false };
    const recorded = record !== undefined && record.kind === handler.kind && record.status !== 'waiting';
    return { value: answerOf(handler, recorded ? record.outcome : handler.skip(context).outcome) };
  };

  await replay(journey, run, onStep);
  return { met, messages, position };
}

/** @param met the steps the code has on this user's way */
function redirected(
  { run, journey }: RunContext,
  known: readonly StepRecord[],
  met: ReadonlySet<string>,
): string | null {
  const waiting = run.journal.find(({ status }) => status === 'waiting');
  if (!waiting || met.has(waiting.step)) return null;
  const entered = new Set(known.map(({ step }) => step));
  const redirection = journey.onEdit?.find(({ from, to }) => from === waiting.step && met.has(to) && !entered.has(to));
  return redirection?.to ?? null;
}
