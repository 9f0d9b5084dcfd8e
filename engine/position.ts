import { drive, type OnStep } from './drive';
import type { Look } from './interpret';
import { answerOf, type StepContext } from './steps/handler';

/**
 * The user's position: the last step they entered that the code still has. Null when there is none. For somebody who waits in a
 * step the code no longer has, and whom the journey's `onEdit` sends to another they have not entered yet, it is that step.
 *
 * The code is run ahead with every unknown step skipped. As long as the known steps come first, which is always so
 * without an edit, the last of the journal is found without meeting an unknown one.
 */
export async function positionIn(look: Look): Promise<string | null> {
  const { run, journey } = look;
  const order = new Map(run.journal.map((record, index) => [record.step, index]));
  let position: string | null = null;
  let furthest = -1;
  const met = new Set<string>();

  const onStep: OnStep = (step, handler) => {
    met.add(step);
    const index = order.get(step);
    const record = index === undefined ? undefined : run.journal[index];
    const context: StepContext = { ...look, consumed: new Set(run.consumed), step, entering: false };
    if (index !== undefined && index > furthest) {
      furthest = index;
      position = step;
    }
    if (furthest === run.journal.length - 1) return 'suspend';
    return {
      value: answerOf(
        handler,
        record !== undefined && record.kind === handler.kind && record.status !== 'waiting'
          ? record.outcome
          : handler.skip(context).outcome,
      ),
    };
  };

  if (run.journal.length > 0) await drive(journey, run, onStep);
  return redirected(look, met) ?? position;
}

/** @param met the steps the code has on this user's way */
function redirected({ run, journey }: Look, met: ReadonlySet<string>): string | null {
  const waiting = run.journal.find(({ status }) => status === 'waiting');
  if (!waiting || met.has(waiting.step)) return null;
  const entered = new Set(run.journal.map(({ step }) => step));
  const redirection = journey.onEdit?.find(({ from, to }) => from === waiting.step && met.has(to) && !entered.has(to));
  return redirection?.to ?? null;
}
