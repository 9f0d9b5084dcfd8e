import { occurrence } from './match';
import type { Journey, Steps } from './journey';
import type { Run } from './state';
import { bindSteps, type Perform, type StepDetail } from './steps';
import type { StepHandler } from './steps/handler';

/** A mistake in a journey's code: how steps are called, not what they decide. */
export class JourneyError extends Error {
  constructor(
    message: string,
    readonly step: string | null,
  ) {
    super(message);
    this.name = 'JourneyError';
  }
}

/** How far a journey's code came: to its end, to a step that isn't decided yet, or to an error. */
export type Drive =
  | { readonly kind: 'returned' }
  | { readonly kind: 'suspended'; readonly step: string }
  | { readonly kind: 'threw'; readonly error: Error; readonly step: string | null };

/** What a step answers: a value to go on with, or nothing yet. */
export type StepAnswer<Answer> = { readonly value: Answer } | 'suspend';

/** Decides about each step the code calls, in order. */
export type OnStep = <Answer>(step: string, handler: StepHandler<Answer>, detail: StepDetail) => StepAnswer<Answer>;

/**
 * Runs a journey's code from its beginning until it returns, throws, or reaches a step that is not decided. Only
 * microtasks pass between steps, so code that awaits anything but a step is caught and named.
 */
export async function drive(journey: Journey, run: Pick<Run, 'trigger' | 'key'>, onStep: OnStep): Promise<Drive> {
  const called = new Set<string>();
  let busy: string | null = null;
  let last: string | null = null;
  let over = false;
  let stop: (drive: Drive) => void = () => undefined;
  const stopped = new Promise<Drive>((resolve) => (stop = resolve));
  const fail = (message: string, step: string): void => {
    const error = new JourneyError(message, step);
    stop({ kind: 'threw', error, step });
    throw error;
  };

  /** Whatever goes wrong in a step ends the drive, even if the journey's code would catch it. */
  const attempt = <Answer>(step: string, look: () => Answer): Answer => {
    try {
      return look();
    } catch (error) {
      stop({ kind: 'threw', error: asError(error), step });
      throw error;
    }
  };

  const perform: Perform = (step, handler, detail) => {
    if (over) fail(`Step '${step}' was called after the journey's function had returned.`, step);
    if (busy !== null) fail(`Steps '${busy}' and '${step}' overlap: await each step before the next.`, step);
    if (called.has(step)) fail(`Two steps are named '${step}': names are unique within a journey.`, step);
    called.add(step);
    busy = last = step;
    const answer = attempt(step, () => onStep(step, handler(), detail));
    if (answer === 'suspend') {
      stop({ kind: 'suspended', step });
      return new Promise<never>(() => undefined);
    }
    return new Promise((resolve) => {
      queueMicrotask(() => {
        busy = null;
        resolve(answer.value);
      });
    });
  };

  // The cast is sound: the steps were built from the event of this journey's own trigger.
  const steps = bindSteps(occurrence(run.trigger), run.key, perform) as Steps<never>;
  const code = Promise.resolve()
    .then(() => journey.run(steps))
    .then((): Drive => (busy === null ? { kind: 'returned' } : unawaited(busy)))
    .catch((error: unknown): Drive => ({ kind: 'threw', error: asError(error), step: last }));
  const idle = setImmediate(() =>
    stop({ kind: 'threw', error: new JourneyError(foreignAwait(last), last), step: last }),
  );
  const outcome = await Promise.race([stopped, code]);
  clearImmediate(idle);
  over = true;
  return outcome;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function unawaited(step: string): Drive {
  return {
    kind: 'threw',
    error: new JourneyError(`Step '${step}' was not awaited before the function returned.`, step),
    step,
  };
}

function foreignAwait(last: string | null): string {
  const where = last === null ? 'at its start' : `after step '${last}'`;
  return `The journey awaits something that is not a step, ${where}. Use j.call for anything that takes time.`;
}
