import { z } from 'zod';
import type { Occurrence } from '../../authoring/event';
import type { Steps } from '../../authoring/journey';
import type { FormSchema } from '../../authoring/json-fields';
import type { StepKind } from '../../model/state';
import { ASK, type AskForm } from './ask';
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
import { SEND } from './send-type';
import { SET } from './set';
import { SLEEP } from './sleep';
import { SLEEP_UNTIL } from './sleep-until';
import { START } from './start';
import type { CompositeName, CompositeType, Perform, Pilot, StepForm, StepJson, StepType } from './step-type';
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

/** Every method that calls several steps. */
const COMPOSITE_TYPES = { ask: ASK } satisfies { readonly [Name in CompositeName]: CompositeType<Name> };

const ALL_COMPOSITE_TYPES: readonly CompositeType[] = Object.values(COMPOSITE_TYPES);

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
  const ifFits = (name: keyof Methods, steered: Method): Method => {
    return (...given) => (fits(name, given) ? steered : (j[name].bind(j) as Method))(...given);
  };
  const steps: Partial<Methods> = Object.fromEntries(
    ALL_STEP_TYPES.flatMap(({ kind, steer }) => (steer ? [[kind, ifFits(kind, steer(j, pilot) as Method)]] : [])),
  );
  const composites = ALL_COMPOSITE_TYPES.map(
    (type) => [type.name, ifFits(type.name, type.steer({ ...j, ...steps }, pilot) as Method)] as const,
  );
  return { ...steps, ...Object.fromEntries(composites) };
}

type Method = (...given: readonly unknown[]) => unknown;

/** Can the steps of this method be made of these arguments? */
function fits(name: keyof Methods, given: readonly unknown[]): boolean {
  try {
    void Reflect.apply(MADE[name], undefined, given);
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

type Methods = Pick<Steps<never>, StepKind | CompositeName>;

function bindAll(perform: Perform): Methods {
  const bound: Partial<Record<keyof Methods, Methods[keyof Methods]>> = {};
  // Every replay binds them anew: a loop makes no lists on the way.
  for (const type of ALL_STEP_TYPES) bound[type.kind] = type.bind(perform);
  for (const type of ALL_COMPOSITE_TYPES) bound[type.name] = type.bind(perform);
  return bound as Methods;
}

type FormOf<Type> = Type extends StepType<StepKind, infer Form> ? Form : never;

/** A step of a journey made of data. */
export type DefinedStep = FormOf<(typeof STEP_TYPES)[StepKind]> | AskForm;

/** The steps of a journey made of data, or of a branch of one. */
const stepForms: z.ZodType<readonly DefinedStep[]> = z.lazy(() => z.array(stepForm).max(100));

const FORMS = [...ALL_STEP_TYPES, ...ALL_COMPOSITE_TYPES].flatMap(({ json }) => (json ? [json.schema(stepForms)] : []));

/** The schema of a step of a journey made of data. It reports the field that is wrong. */
export const stepForm = z
  .discriminatedUnion('kind', FORMS as [FormSchema<StepForm>, ...FormSchema<StepForm>[]])
  .meta({ id: 'JourneyStep' }) as z.ZodType<StepForm> as z.ZodType<DefinedStep>;

/**
 * How a step is written as data.
 * @returns null when steps of this kind can't be
 */
export function stepJson({ kind }: Pick<StepForm, 'kind'>): StepJson | null {
  return (isComposite(kind) ? COMPOSITE_TYPES[kind] : STEP_TYPES[kind]).json;
}

/** The names of the steps that a form calls. */
export function stepNames(form: StepForm): readonly string[] {
  return stepJson(form)?.names?.(form) ?? [form.step];
}

/** Is it a wait whose event conditions may read? */
export function isEventWait({ kind }: StepForm): boolean {
  return !isComposite(kind) && STEP_TYPES[kind].waitsForEvents === true;
}

/** What may follow the name that the code gives to a method, in the names of its steps, as patterns. */
export function suffixesOf(method: string): readonly string[] {
  const type = [...ALL_COMPOSITE_TYPES, ...ALL_STEP_TYPES].find(
    (one) => ('name' in one ? one.name : one.kind) === method,
  );
  return type?.suffixes ?? [];
}

function isComposite(name: string): name is CompositeName {
  return Object.hasOwn(COMPOSITE_TYPES, name);
}

export type * from './step-type';
export { answerOf, exploredAnswerOf, StepFailure } from './step-type';
