import type { AnyOf, EventDefinition, Occurrence, OccurrenceOf } from './event';
import { ANYTHING_LETS_IN, namesOf } from './event';
import { ANY_EVENT_NAME } from '../model/activity';
import { toMs, type Duration } from '../model/duration';
import type { Json, JsonObject } from '../model/json';
import type { ChannelName } from '../model/state';
import type { Trigger } from './trigger';
import type { LocalTime } from '../model/zone';

/** What a `check`, `pick` or `call` may look at. Reading is recorded, so that support can see why. */
export interface Facts {
  readonly user: {
    readonly id: string;
    readonly traits: JsonObject;
    readonly stage: string;
    readonly createdAt: number;
    readonly lastSeenAt: number;
    readonly points: number;
    readonly badges: readonly string[];
    readonly flags: Readonly<Record<string, Json>>;
  };
  /** The current moment of the injected clock, epoch milliseconds. */
  readonly now: number;
}

/** What became of a `send`. */
export interface SendOutcome {
  readonly status: 'sent' | 'suppressed' | 'skipped';
  readonly channel: ChannelName | null;
  readonly reason: string;
}

export interface SendOptions {
  /** Not capped, not held for quiet hours: a receipt, a password, a gate change. Default: the journey's. */
  readonly transactional?: boolean;
  /** After this the message is worthless. Default: the policy's. */
  readonly expires?: Duration;
  /** Values for the templates, as `data`. */
  readonly data?: JsonObject;
}

export interface WaitOptions {
  /** Give up after this long since the step was entered; without it the wait has no end. */
  readonly within?: Duration;
  /** `'now'`: only events from the moment the step is entered. Default: since the user entered the journey. */
  readonly since?: 'now';
}

/** What `j.call` hands to the function: facts, and a key that is the same at every attempt. */
export interface CallContext extends Facts {
  readonly idempotencyKey: string;
}

/** The steps of a journey. Each has a name, unique within the journey; names are what survives an edit. */
export interface Steps<Entered = Occurrence> {
  /** The event that let the user enter. */
  readonly event: Entered;
  /** The run's key in a keyed journey. */
  readonly key: string | null;
  /** Sends one message by the first listed channel that can reach the user. Waits out quiet hours. */
  send(step: string, templates: Partial<Record<ChannelName, string>>, options?: SendOptions): Promise<SendOutcome>;
  /** Waits for the earliest such event since the user entered; null when the time is up. */
  waitFor<const Awaited extends EventDefinition<unknown> | AnyOf>(
    step: string,
    awaited: Awaited,
    options: WaitOptions & { readonly within: Duration },
  ): Promise<OccurrenceOf<Awaited> | null>;
  waitFor<const Awaited extends EventDefinition<unknown> | AnyOf>(
    step: string,
    awaited: Awaited,
    options?: WaitOptions,
  ): Promise<OccurrenceOf<Awaited> | null>;
  /** Waits for a span of elapsed time. */
  sleep(step: string, duration: Duration): Promise<void>;
  /** Waits for the next such moment in the user's own time zone. */
  sleepUntil(step: string, when: LocalTime): Promise<void>;
  /** Decides once, and records the facts it read. */
  check(step: string, decide: (facts: Facts) => boolean): Promise<boolean>;
  /** Picks a value once, and records the facts it read. */
  pick<Value extends Json>(step: string, decide: (facts: Facts) => Value): Promise<Value>;
  /** Assigns a variant by weight; the same user always gets the same one. */
  experiment<const Variant extends string>(step: string, weights: Readonly<Record<Variant, number>>): Promise<Variant>;
  /** Gives points, a badge or both. */
  award(step: string, prize: { readonly points?: number; readonly badge?: string }): Promise<void>;
  /** Sets traits of the user. */
  set(step: string, traits: JsonObject): Promise<void>;
  /** Sets a flag the app can read to change what it shows. */
  flag(step: string, name: string, value?: Json): Promise<void>;
  /** Calls any async function, retried until it answers; null when an edit skipped the step. */
  call<Result extends Json>(step: string, work: (context: CallContext) => Promise<Result>): Promise<Result | null>;
  /** Ends the run here. */
  exit(step: string, reason?: string): Promise<never>;
}

/** May a user enter again after having entered once? */
export type Reenter = 'never' | 'always' | { readonly after: Duration };

/** What entering event a trigger hands to the journey. */
export type EnteredBy<T extends Trigger> =
  T extends EventDefinition<infer Properties, infer Name>
    ? Occurrence<Properties, Name>
    : T extends Trigger<infer Entered>
      ? Entered
      : Occurrence;

/** People waiting in the removed step `from` go on at the step `to`; what the code has before that is passed over. */
export interface Redirection {
  readonly from: string;
  readonly to: string;
}

export interface JourneyOptions<T extends Trigger = Trigger> {
  readonly enter: T;
  /** Default `'never'`; with `key`, per key. */
  readonly reenter?: Reenter;
  /** One run per key, and waits, exits and goals match that key. An event without a key (undefined) matches every run. */
  readonly key?: ((event: Occurrence) => string | undefined) | undefined;
  /** Events that end the run at once, whatever it is doing. */
  readonly exit?: readonly EventDefinition<unknown>[];
  readonly goal?: { readonly event: EventDefinition<unknown>; readonly within?: Duration; readonly exit?: boolean };
  /** All messages of this journey are transactional. */
  readonly transactional?: boolean;
  /** Where people go who wait in a step that an edit removed, when not to whatever comes next. */
  readonly onEdit?: Redirection | readonly Redirection[];
  /** At most so many messages, whatever a person does, in any such span. Proven by `explore --check`, not enforced. */
  readonly budget?: { readonly messages: number; readonly within: Duration };
}

/** A journey as declared: plain data and the function over its steps. */
export interface Journey {
  readonly id: string;
  readonly enter: Trigger;
  readonly reenter: 'never' | 'always' | number;
  readonly key: ((event: Occurrence) => string | undefined) | null;
  readonly exit: readonly string[];
  readonly goal: {
    readonly event: string;
    readonly example: JsonObject;
    readonly withinMs: number | null;
    readonly exit: boolean;
  } | null;
  readonly transactional: boolean;
  readonly onEdit?: readonly Redirection[];
  readonly budget: { readonly messages: number; readonly withinMs: number } | null;
  readonly run: (steps: Steps<never>) => Promise<void>;
  /** Every step of a journey made of data, whose function's text names none. It has no loops. */
  readonly declares?: readonly string[];
  /** Only of a journey that is stored as data, and changes while workers run. */
  readonly stored?: StoredVersion;
}

/** Which of its versions a stored journey is. */
export interface StoredVersion {
  readonly version: number;
  /** What the journey was made of: the text of its function does not tell one from another. */
  readonly definition: JsonObject;
  /** Nobody takes a further step; see `docs/semantics.md`. */
  readonly paused: boolean;
  /** Versions on which those finish who entered under them or before; oldest first. */
  readonly former: readonly Journey[];
  /** Former versions somebody may be inside that do not fit the code; who is to finish on one stays where they are. Ascending. */
  readonly unfit?: readonly number[];
}

/** What the id of a journey looks like. */
export const JOURNEY_ID = /^(?=.{1,80}$)[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Declares a journey.
 * @param id lower-case words joined by hyphens; it is what runs are stored under
 * @throws {TypeError} when the id can't be one, any activity would let people enter, `onEdit` leads from a step to itself, or the budget isn't a number of messages
 */
export function journey<const T extends Trigger>(
  id: string,
  options: JourneyOptions<T>,
  run: (j: Steps<EnteredBy<T>>) => Promise<void>,
): Journey {
  if (!JOURNEY_ID.test(id))
    throw new TypeError(`'${id}' can't be the id of a journey: use lower-case words joined by hyphens.`);
  const { enter, reenter = 'never', goal, onEdit, budget } = options;
  if ('name' in enter && enter.name === ANY_EVENT_NAME) throw new TypeError(`${id}: ${ANYTHING_LETS_IN}`);
  const circle = [onEdit ?? []].flat().find(({ from, to }) => from === to);
  if (circle) throw new TypeError(`${id}, onEdit: '${circle.from}' can't lead to itself.`);
  if (budget && !(Number.isInteger(budget.messages) && budget.messages >= 0))
    throw new TypeError(`The budget of '${id}' is a whole number of messages, 0 or more.`);
  return {
    id,
    enter,
    reenter: typeof reenter === 'object' ? toMs(reenter.after) : reenter,
    key: options.key ?? null,
    exit: (options.exit ?? []).flatMap(namesOf),
    goal: goal
      ? {
          event: goal.event.name,
          example: goal.event.example,
          withinMs: goal.within ? toMs(goal.within) : null,
          exit: goal.exit ?? false,
        }
      : null,
    transactional: options.transactional ?? false,
    ...(onEdit && { onEdit: [onEdit].flat() }),
    budget: budget ? { messages: budget.messages, withinMs: toMs(budget.within) } : null,
    run,
  };
}
