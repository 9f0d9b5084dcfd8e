import { z } from 'zod';
import type { Occurrence } from '../../authoring/event';
import type { Steps } from '../../authoring/journey';
import type { FormSchema } from '../../authoring/json-fields';
import type { StepKind } from '../../model/state';
import { AWARD } from './award';
import { CALL } from './call';
import { CHECK } from './check';
import { CLOSE_CHAT } from './close-chat';
import { COLLECT } from './collect';
import { CONSENT } from './consent';
import { EXIT } from './exit';
import { EXPERIMENT } from './experiment';
import { FLAG } from './flag';
import { OPEN_CHAT } from './open-chat';
import { PICK } from './pick';
import { SEND } from './send';
import { SET } from './set';
import { SLEEP } from './sleep';
import { SLEEP_UNTIL } from './sleep-until';
import { START } from './start';
import type { Perform, Pilot, StepForm, StepJson, StepType } from './step-type';
import { TRACK } from './track';
import { WAIT_FOR } from './wait-for';

/** Every kind of step. To add one, write its file, list it here, and declare its method in `Steps`. */
const STEP_TYPES = {
  send: SEND,
  waitFor: WAIT_FOR,
  collect: COLLECT,
  sleep: SLEEP,
  sleepUntil: SLEEP_UNTIL,
  check: CHECK,
  pick: PICK,
  experiment: EXPERIMENT,
  award: AWARD,
  set: SET,
  flag: FLAG,
  consent: CONSENT,
  track: TRACK,
  openChat: OPEN_CHAT,
  closeChat: CLOSE_CHAT,
  start: START,
  call: CALL,
  exit: EXIT,
} satisfies { readonly [Kind in StepKind]: StepType<Kind> };

/** Every kind of step, in the order of the reference. */
export const ALL_STEP_TYPES: readonly StepType[] = Object.values(STEP_TYPES);

/** Everything the engine knows about a kind of step. */
export function stepType(kind: StepKind): StepType {
  return STEP_TYPES[kind];
}

/**
 * The steps that a journey's code calls. Each call is passed to `perform`.
 * @param entered returns the event that let the user enter. It is called once at most, when the code reads `j.event`
 */
export function bindSteps(entered: () => Occurrence, key: string | null, perform: Perform): Steps {
  let event: Occurrence | undefined;
  return {
    get event() {
      return (event ??= entered());
    },
    key,
    ...bindAll(perform),
  };
}

/**
 * The steps with decisions that a pilot makes. See `explore/steering.ts`. A step with wrong arguments is called as it is, so that the
 * error is reported for this step, as it is for a user.
 */
export function steerSteps(j: Steps<never>, pilot: Pilot): Partial<Methods> {
  return Object.fromEntries(
    ALL_STEP_TYPES.flatMap(({ kind, steer }) => {
      if (!steer) return [];
      const steered = steer(j, pilot) as Method;
      const method: Method = (...given) => (fits(kind, given) ? steered : (j[kind].bind(j) as Method))(...given);
      return [[kind, method]];
    }),
  );
}

type Method = (...given: readonly unknown[]) => unknown;

/** Can a step of this kind be made of these arguments? */
function fits(kind: StepKind, given: readonly unknown[]): boolean {
  try {
    void Reflect.apply(MADE[kind], undefined, given);
    return true;
  } catch {
    return false;
  }
}

const never = new Promise<never>(() => undefined);

/** Makes steps of their arguments, and performs none. */
const MADE = bindAll((_, call) => {
  call();
  return never;
});

type Methods = Pick<Steps<never>, StepKind>;

function bindAll(perform: Perform): Methods {
  const bound: Partial<Record<StepKind, Methods[StepKind]>> = {};
  // Every replay binds them anew: a loop makes no lists on the way.
  for (const type of ALL_STEP_TYPES) bound[type.kind] = type.bind(perform);
  return bound as Methods;
}

type FormOf<Type> = Type extends StepType<StepKind, infer Form> ? Form : never;

/** A step of a journey made of data. */
export type DefinedStep = FormOf<(typeof STEP_TYPES)[StepKind]>;

/** The steps of a journey made of data, or of a branch of one. */
const stepForms: z.ZodType<readonly DefinedStep[]> = z.lazy(() => z.array(stepForm).max(100));

const FORMS = ALL_STEP_TYPES.flatMap(({ json }) => (json ? [json.schema(stepForms)] : []));

/** The schema of a step of a journey made of data. It reports the field that is wrong. */
export const stepForm = z
  .discriminatedUnion('kind', FORMS as [FormSchema<StepForm>, ...FormSchema<StepForm>[]])
  .meta({ id: 'JourneyStep' }) as z.ZodType<StepForm> as z.ZodType<DefinedStep>;

/**
 * How a step is written as data.
 * @returns null when steps of this kind can't be
 */
export function stepJson({ kind }: StepForm): StepJson | null {
  return stepType(kind).json;
}

export type * from './step-type';
export { answerOf, exploredAnswerOf, StepFailure } from './step-type';
