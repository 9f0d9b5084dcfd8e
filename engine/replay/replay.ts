import { storableText } from '../model/json';
import { occurrence } from '../user/history';
import type { Journey, Steps } from '../authoring/journey';
import type { Run } from '../model/state';
import { bindSteps, type Perform, type StepCall } from './steps';

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

/** How far a journey's code got: to its end, to a step that isn't decided yet, or to an error. */
export type ReplayResult =
  | { readonly kind: 'returned' }
  | { readonly kind: 'suspended'; readonly step: string }
  | { readonly kind: 'threw'; readonly error: Error; readonly step: string | null };

/** What a step answers: a value to go on with, or nothing yet. */
export type StepAnswer<Answer> = { readonly value: Answer } | 'suspend';

/** Decides about each step the code calls, in order. */
export type OnStep = <Answer>(step: string, call: StepCall<Answer>) => StepAnswer<Answer>;

/** Names are stored, also in an index, and may be made from what users send. Characters. */
const MAX_NAME = 200;
/** A run that calls more steps than this is in a loop. */
const MAX_STEPS = 10_000;

/**
 * Runs a journey's code from its beginning until it returns, throws, or reaches a step that is not decided. Only
 * microtasks pass between steps, so code that awaits anything but a step is caught and named.
 */
export async function replay(
  journey: Journey,
  run: Pick<Run, 'trigger' | 'key'>,
  onStep: OnStep,
): Promise<ReplayResult> {
  const called = new Set<string>();
  let busy: string | null = null;
  let last: string | null = null;
  let waits: string | null = null;
  let returned = false;
  let unawaited: string | null = null;
  let over = false;
  let resolve: (replay: ReplayResult) => void;
  const outcome = new Promise<ReplayResult>((resolveOutcome) => (resolve = resolveOutcome));
  const stop = (replay: ReplayResult): void => {
    over = true;
    resolve(replay);
  };
  /** Ends the replay. The step never answers, so that the code can't catch the error and go on. */
  const fail = (error: Error, step: string): Promise<never> => {
    stop({ kind: 'threw', error, step });
    return unanswered();
  };
  /** How the replay ends when the code can't go on by itself. */
  const conclusion = (): ReplayResult => {
    if (unawaited !== null) return { kind: 'threw', error: notAwaited(unawaited), step: unawaited };
    if (returned) return { kind: 'returned' };
    return waits === null
      ? { kind: 'threw', error: foreignAwait(last), step: last }
      : { kind: 'suspended', step: waits };
  };
  // A tick that a microtask asks for runs when no microtask is left, and before anything else can happen. By then the code has
  // returned, has called a step beside the one that waits, which is a mistake, or waits for something that is not a step.
  queueMicrotask(() =>
    process.nextTick(() => {
      if (!over) stop(conclusion());
    }),
  );

  const perform: Perform = (step, call) => {
    if (over) return unanswered();
    const mistake = mistakeOf(step, { called, busy, returned });
    if (mistake !== null) return fail(new JourneyError(mistake, step), step);
    called.add(step);
    busy = last = step;
    let answer;
    try {
      answer = onStep(step, call());
    } catch (error) {
      return fail(asError(error), step);
    }
    if (answer === 'suspend') {
      waits = step;
      return unanswered();
    }
    const { value } = answer;
    return new Promise((answered) => {
      queueMicrotask(() => {
        busy = null;
        answered(value);
      });
    });
  };

  // The cast is sound: the steps were built from the event of this journey's own trigger.
  const steps = bindSteps(() => occurrence(run.trigger), run.key, perform) as Steps<never>;
  const threw = (error: unknown): void => stop({ kind: 'threw', error: asError(error), step: last });
  try {
    journey.run(steps).then(() => {
      returned = true;
      unawaited = busy;
    }, threw);
  } catch (error) {
    threw(error);
  }
  return outcome;
}

function unanswered(): Promise<never> {
  return new Promise(() => undefined);
}

interface Progress {
  readonly called: ReadonlySet<string>;
  readonly busy: string | null;
  readonly returned: boolean;
}

/** What is wrong with calling this step now; null for nothing. */
function mistakeOf(step: string, { called, busy, returned }: Progress): string | null {
  if (typeof step !== 'string' || step.length > MAX_NAME || storableText(step) !== step)
    return `A step needs a name of ${MAX_NAME} characters at most, without halves of characters.`;
  if (returned) return `Step '${step}' was called after the journey's function had returned.`;
  if (busy !== null) return `Steps '${busy}' and '${step}' overlap: await each step before the next.`;
  if (called.has(step)) return `Two steps are named '${step}': names are unique within a journey.`;
  return called.size === MAX_STEPS ? `More than ${MAX_STEPS} steps: the journey is in a loop.` : null;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function notAwaited(step: string): JourneyError {
  return new JourneyError(`Step '${step}' was not awaited when the journey's function returned.`, step);
}

function foreignAwait(last: string | null): JourneyError {
  const where = last === null ? 'at its start' : `after step '${last}'`;
  const message = `The journey awaits something that is not a step, ${where}. Use j.call for anything that takes time.`;
  return new JourneyError(message, last);
}
