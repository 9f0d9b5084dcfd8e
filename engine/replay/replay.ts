import { storableText } from '../model/json';
import { occurrence } from '../user/history';
import type { Journey, Steps } from '../authoring/journey';
import type { Run } from '../model/state';
import { bindSteps, type Perform, type StepCall } from './steps';

/** A mistake in how a journey's code calls its steps. */
export class JourneyError extends Error {
  constructor(
    message: string,
    readonly step: string | null,
  ) {
    super(message);
    this.name = 'JourneyError';
  }
}

/** How a replay ended: at the end of the code, at a step that is not decided yet, or with an error. */
export type ReplayResult =
  | { readonly kind: 'returned' }
  | { readonly kind: 'suspended'; readonly step: string }
  | { readonly kind: 'threw'; readonly error: Error; readonly step: string | null };

/** What a step returns to the code: a value, or nothing yet. */
export type StepAnswer<Answer> = { readonly value: Answer } | 'suspend';

/** Called for each step that the code calls, in order. It returns the value for the code, or ends the replay there. */
export type OnStep = <Answer>(step: string, call: StepCall<Answer>) => StepAnswer<Answer>;

/** The most characters of a step's name. Names are stored in an index, and may contain what users send. */
const MAX_NAME = 200;
/** The most steps of a run. A run that calls more is in a loop. */
const MAX_STEPS = 10_000;

/**
 * Replays a journey's code from its start until it returns, throws, or reaches a step that is not decided. Only microtasks pass
 * between steps, so code that awaits anything but a step is found out. Misuse of steps ends the replay with a
 * {@link JourneyError}; `replay` itself does not throw.
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
  /** Ends the replay with an error. The step's promise never settles, so that the code can't catch the error and go on. */
  const fail = (error: Error, step: string): Promise<never> => {
    stop({ kind: 'threw', error, step });
    return unanswered();
  };
  /** How the replay ends if the code does not call another step. */
  const conclusion = (): ReplayResult => {
    if (unawaited !== null) return { kind: 'threw', error: notAwaited(unawaited), step: unawaited };
    if (returned) return { kind: 'returned' };
    return waits === null
      ? { kind: 'threw', error: foreignAwait(last), step: last }
      : { kind: 'suspended', step: waits };
  };
  // A `nextTick` callback that a microtask requests runs when no microtask is left, before anything else can happen. By then the code has
  // returned, waits in a step, has called a second step beside it, which is a mistake, or awaits something that is not a step.
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

  // The cast is sound, since the event comes from this journey's own trigger.
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

interface CallState {
  readonly called: ReadonlySet<string>;
  readonly busy: string | null;
  readonly returned: boolean;
}

/** Why this step must not be called now; null when it may be. */
function mistakeOf(step: string, { called, busy, returned }: CallState): string | null {
  if (typeof step !== 'string' || step === '' || step.length > MAX_NAME || storableText(step) !== step)
    return `A step's name must be text of 1 to ${MAX_NAME} characters, without NUL or half an emoji.`;
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
