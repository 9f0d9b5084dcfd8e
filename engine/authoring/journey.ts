import type { AllOf, AnyOf, EventDefinition, Occurrence, OccurrenceOf, OccurrencesOf } from './event';
import { ANY_ACTIVITY_IS_NO_TRIGGER, definitionsOf, haveFilters, refuseMissing } from './event';
import { exampleOf } from './example';
import type { Chat } from '../chats/chat';
import { ANY_EVENT_NAME } from '../model/activity';
import type { Consent } from '../model/consent';
import { optionMs, type Duration } from '../model/duration';
import { endedJourney } from '../model/ended';
import { JOURNEY_ID } from '../model/ids';
import type { Json, JsonObject } from '../model/json';
import { MAX_OPEN_RUNS, MOST_OPEN_RUNS } from '../model/limits';
import type { ChannelName } from '../model/state';
import type { Facts } from './facts';
import type {
  AskOptions,
  CallContext,
  CallOptions,
  ChatOpening,
  CollectOptions,
  ExitOptions,
  PickOptions,
  Question,
  SendOptions,
  SendOutcome,
  StartOptions,
  StartOutcome,
  TrackTo,
} from './step-options';
import { priorityOption, type PriorityOption } from './priority';
import type { Trigger } from './trigger';
import type { InstantOptions, Repeated, WaitOptions } from './wait-options';
import type { Offset, Time } from '../model/instant';
import type { LocalHours, LocalTime, LocalTimeInTrait } from '../model/zone';

export type { Facts, UserFacts } from './facts';
export type * from './step-options';
export type { InstantOptions, Repeated, WaitOptions } from './wait-options';

/**
 * The steps of a journey. Each step has a name that is unique within the journey. Edits are matched by these names, so a renamed
 * step counts as a new one. Await each step before the next, and await nothing but steps.
 */
export interface Steps<Entered = Occurrence> {
  /** What let the user enter: an event, or a stand-in for one, such as a silence or a change of stage. */
  readonly event: Entered;
  /** The run's key in a keyed journey; null in any other. */
  readonly key: string | null;
  /**
   * Sends one message by the first listed channel that has an address, consent and room under its caps. It goes out after quiet
   * hours. A new user with none of these addresses gets half a minute for one to arrive.
   * @param templates the template for each channel, in the order to try
   * @returns what became of the message
   */
  send(step: string, templates: Partial<Record<ChannelName, string>>, options?: SendOptions): Promise<SendOutcome>;
  /**
   * Waits for an event, or for any one of several with `anyOf`. The earliest matching event since the user entered the journey
   * ends the wait, even if it came before this step. An event that an earlier wait of this run has used does not count.
   * @returns the event; null when the time is up, or an edit skipped the step
   */
  waitFor<const Awaited extends EventDefinition<unknown> | AnyOf>(
    step: string,
    awaited: Awaited,
    options?: WaitOptions & { readonly times?: never },
  ): Promise<OccurrenceOf<Awaited> | null>;
  /**
   * Waits for as many events as `times` says. If fewer come, later waits can still use them.
   * @returns the earliest events, in the order they happened; null when the time is up, or an edit skipped the step
   */
  waitFor<const Awaited extends EventDefinition<unknown> | AnyOf>(
    step: string,
    awaited: Awaited,
    options: WaitOptions & Repeated,
  ): Promise<readonly OccurrenceOf<Awaited>[] | null>;
  /**
   * Waits until all of several events have come, in any order. If some don't, later waits can still use the others.
   * @returns the events, in the order of `allOf`; null when the time is up, or an edit skipped the step
   */
  waitFor<const Parts extends readonly (EventDefinition<unknown> | AnyOf)[]>(
    step: string,
    awaited: AllOf<Parts>,
    options?: WaitOptions,
  ): Promise<OccurrencesOf<Parts> | null>;
  /**
   * Asks the person a question in the app, with choices for an answer, as a chatbot does, and waits for the answer. It is made of
   * other steps: a message with the name of the step, and a wait with that name and `: answer`. If the question has `away`, there are
   * also a wait, `: seen`, and the message by the other channel, `: away`.
   * @returns the value of the choice; null when the time is up, an edit skipped the wait, or an edit removed the choice
   */
  ask<const Value extends string>(step: string, question: Question<Value>, options?: AskOptions): Promise<Value | null>;
  /**
   * Collects events: all those from the first one on, for a while or up to a number. Events since the user entered the journey count,
   * the entering one included, unless an earlier wait or collection of this run has used them.
   * @returns the events in the order in which they happened; none when the first did not come in time, or an edit skipped the step
   */
  collect<const Awaited extends EventDefinition<unknown> | AnyOf>(
    step: string,
    awaited: Awaited,
    options: CollectOptions,
  ): Promise<OccurrenceOf<Awaited>[]>;
  /** Waits for a span of elapsed time. A day is 24 hours; use `sleepUntil` for calendar time. */
  sleep(step: string, duration: Duration): Promise<void>;
  /**
   * Waits until an instant: a Date, ISO 8601, or a while before or after one. It is exact: what went before, such as a message that
   * was held overnight, does not move it.
   * @returns false when the instant was over already and `ifPast` is `'skip'`; otherwise true
   */
  sleepUntil(step: string, when: Time | Offset, options?: InstantOptions): Promise<boolean>;
  /**
   * Waits until the local clock next shows this time, or until it is within these hours. The zone is the user's trait `timezone`,
   * else UTC, unless `when` names one. If the user's zone changes, the time is computed again. So it is if the time of day is that of a
   * trait, `{ at: trait('lessonTime') }`, and the trait changes.
   */
  sleepUntil(step: string, when: LocalTime | LocalTimeInTrait | LocalHours): Promise<void>;
  /**
   * Decides yes or no, once, and records the facts it read. Later changes of the facts do not matter.
   * @param decide always decides the same for the same facts: no clock but `now`, no random numbers, no I/O
   */
  check(step: string, decide: (facts: Facts) => boolean): Promise<boolean>;
  /**
   * Picks a JSON value, once, and records the facts it read. Later changes of the facts do not matter.
   * @param decide always picks the same for the same facts: no clock but `now`, no random numbers, no I/O
   */
  pick<Value extends Json>(step: string, decide: (facts: Facts) => Value, options?: PickOptions<Value>): Promise<Value>;
  /**
   * Assigns the user one of the variants, by weight. A user always gets the same variant of the same step, also in later runs. At
   * least one weight must be positive; a variant of weight 0 is assigned to nobody.
   */
  experiment<const Variant extends string>(step: string, weights: Readonly<Record<Variant, number>>): Promise<Variant>;
  /** Gives points, a badge or both. Negative points are taken away. A badge is given once. */
  award(step: string, prize: { readonly points?: number; readonly badge?: string }): Promise<void>;
  /** Sets traits of the user. All other traits stay as they are. */
  set(step: string, traits: JsonObject): Promise<void>;
  /**
   * Sets a flag of the user, which the app can read to change what it shows. The default value is `true`. It wins over the rules of
   * `flags.ts`, if it has the type of the flag there; null takes it back.
   */
  flag(step: string, name: string, value?: Json): Promise<void>;
  /**
   * Records what is known of the user's consent: a no stops all messages on the channel that are not transactional, also those of other
   * journeys and those that are held; a yes says that they agreed again, for instance by a click. A yes never lifts a no, whoever said
   * it: only the user can do that, and what they say later holds.
   */
  consent(step: string, answers: Consent): Promise<void>;
  /**
   * Tracks an event of another user, of several, or of the same one. It reaches them once, as if an app had sent it, whatever is
   * killed on the way. It only happens to them, so it is no activity of theirs. An event that 16 others led to, each tracked by a
   * journey, is refused; the step records it.
   */
  track<Properties>(
    step: string,
    to: TrackTo,
    event: EventDefinition<Properties>,
    properties: NoInfer<Properties>,
  ): Promise<void>;
  /**
   * Opens a conversation between the user and others, in which they say what `chats.ts` allows. If it is open already, these people
   * are in it from now on; if it was closed, it goes on. It happens once, whatever is killed on the way. What `chats.ts` or the API
   * does not allow is refused; the step records it.
   * @param chat a chat of `chats.ts`, or its name
   */
  openChat<Role extends string>(
    step: string,
    chat: string | Chat<Role>,
    conversation: ChatOpening<NoInfer<Role>>,
  ): Promise<void>;
  /**
   * Closes a conversation: nothing can be said in it any more, and people can read it for a day. One that is not open stays as it is.
   * @param chat a chat of `chats.ts`, or its name
   */
  closeChat(step: string, chat: string | Chat, conversation: { readonly key: string | number }): Promise<void>;
  /**
   * Lets the same user enter another journey now, once, whatever its trigger. `reenter`, keys and `maxOpenRuns` of that journey hold.
   * To it, the entry looks like one by its trigger, with `data` as properties. Its end is an event: see `ended`.
   * @param journey the journey, or its id
   * @returns whether the user has entered, and else why not
   */
  start(step: string, journey: string | { readonly id: string }, options?: StartOptions): Promise<StartOutcome>;
  /**
   * Calls an async function outside the engine, where it may take time and do I/O. If it throws, it is called again, so it may
   * run more than once: use `idempotencyKey`. The answer and the facts that were read are recorded. Every failure shows on the
   * user's timeline.
   * @param options bounds of the trying. Default: it is tried until it answers
   * @returns the answer; null when it was not to be had and `onFailure` is `'null'`, or when an edit skipped the step
   */
  call<Result extends Json>(
    step: string,
    work: (context: CallContext) => Promise<Result>,
    options?: CallOptions<NoInfer<Result>>,
  ): Promise<Result | null>;
  /**
   * Ends the run here, with the status `exited`. The code after it does not run. Only if an edit put this step behind the user's
   * position, the step is skipped and the code after it runs.
   * @param reason text for people, or options. It shows in the Temporal UI, so it must hold no personal data. Default: the name of
   * the step
   */
  exit(step: string, reason?: string | ExitOptions): Promise<never>;
}

/**
 * May a user enter again? `'never'`: once only. `'always'`: whenever they are not inside. `'restart'`: always; if they are inside,
 * that run ends, and what it has not delivered is withdrawn. `{ after }`: when this long has passed since the last entry, and they
 * are not inside.
 */
export type Reenter = 'never' | 'always' | 'restart' | { readonly after: Duration };

/** The type of `j.event` for a trigger. */
export type EnteredBy<T extends Trigger> = T extends EventDefinition<unknown> | AnyOf
  ? OccurrenceOf<T>
  : T extends Trigger<infer Entered>
    ? Entered
    : Occurrence;

/**
 * An event for the function `key`. It is one that can let the user enter, or any other, which may lack the properties of the
 * former.
 */
export type Keyed<Entered> =
  Entered extends Occurrence<infer Properties> ? Occurrence<Partial<Properties> & JsonObject> : Occurrence;

/** Sends users who wait in a removed step on to another step. Steps in between that they have not entered are skipped. */
export interface Redirection {
  /** The step that was removed. */
  readonly from: string;
  /** The step to go on at. */
  readonly to: string;
}

/** The options of a journey. */
export interface JourneyOptions<T extends Trigger = Trigger> {
  /**
   * What lets a user enter: an event, any one of several with `anyOf`, `milestone`, `inactivity`, `stage`, a date (`at`, `before`,
   * `after`, `yearly`), the calendar (`every`) or `manual`. Support staff can always enter a user by hand.
   */
  readonly enter: T;
  /** May a user enter again? In a keyed journey this is per key. Default: `'never'`. */
  readonly reenter?: Reenter;
  /**
   * The key of an event, such as an order id. A user then has one run per key, and waits, exits and goals only see events with
   * the run's key. If the function returns undefined for an event, the event lets nobody enter and concerns every run. Default:
   * no keys.
   */
  readonly key?: ((event: Keyed<EnteredBy<T>>) => string | number | undefined) | undefined;
  /**
   * An event lets a user enter if it was received at most this long after it happened. An older one, as an import brings, is part
   * of the user's history, and nothing else. A silence or stage that is older when the user is first heard of lets nobody enter
   * either. Default: 72 hours.
   */
  readonly freshness?: Duration;
  /**
   * The most runs of this journey that a user may have open at once, over all keys. While as many are open, nobody enters, not
   * even by hand; the timeline counts the refused entries. It bounds what anyone who can send events can do to one user. Without
   * keys a user has one run at most. Default: 100.
   */
  readonly maxOpenRuns?: number;
  /** Events that end the run at once, whatever it is doing. Messages that are not yet delivered are withdrawn. Default: none. */
  readonly exit?: readonly (EventDefinition<unknown> | AnyOf)[];
  /**
   * The event that the journey aims at, or any one of several with `anyOf`. The first one is recorded, if it happens `within` this
   * long after the entry (default: at any time). With `exit: true` it also ends the run (default: the run goes on). Default: no
   * goal.
   */
  readonly goal?: {
    readonly event: EventDefinition<unknown> | AnyOf;
    readonly within?: Duration;
    readonly exit?: boolean;
  };
  /** Are the messages of this journey transactional, unless the step says otherwise? Default: false. */
  readonly transactional?: boolean;
  /**
   * The rank of the journey under the caps of the policy. A journey of higher priority decides before others at the same instant, and a
   * message of it that is held keeps a place. `'high'` is 10, `'low'` is -10. Default: 0.
   */
  readonly priority?: PriorityOption;
  /** The topic of the messages of this journey, as `topics.ts` declares it, unless the step says another. Default: none. */
  readonly topic?: string;
  /** Where users go on if an edit removes the step they wait in. Default: at the step that comes next. */
  readonly onEdit?: Redirection | readonly Redirection[];
  /**
   * The most messages a user may get in any span of this length. `explore --check` proves it; it is not enforced. Default: no
   * budget.
   */
  readonly budget?: { readonly messages: number; readonly within: Duration };
}

/**
 * A declared journey: plain data, and the function that calls its steps. `withinMs` and a number in `reenter` are milliseconds.
 */
export interface Journey {
  readonly id: string;
  readonly enter: Trigger;
  readonly reenter: 'never' | 'always' | 'restart' | number;
  readonly key: ((event: Occurrence) => string | number | undefined) | null;
  /** Milliseconds. Absent if it is the default, `FRESHNESS_MS`. */
  readonly freshness?: number;
  /** Absent if it is the default, `MAX_OPEN_RUNS`. */
  readonly maxOpenRuns?: number;
  /** The names of the exit events. */
  readonly exit: readonly string[];
  /** The exit events, if one of them has a filter. Absent otherwise: the names say it all. */
  readonly exitEvents?: readonly EventDefinition<unknown>[];
  readonly goal: {
    /** The name of the event; of several, that of the first. */
    readonly event: string;
    readonly example: JsonObject;
    /** The events, if there are several or one has a filter. Absent otherwise. */
    readonly events?: readonly EventDefinition<unknown>[];
    readonly withinMs: number | null;
    readonly exit: boolean;
  } | null;
  readonly transactional: boolean;
  /** Absent if it is 0. */
  readonly priority?: number;
  /** Absent if there is none. */
  readonly topic?: string;
  readonly onEdit?: readonly Redirection[];
  readonly budget: { readonly messages: number; readonly withinMs: number } | null;
  readonly run: (steps: Steps<never>) => Promise<void>;
  /**
   * For a journey made of data: the names of all its steps, which the text of its function does not contain. It has no loops.
   */
  readonly declares?: readonly string[];
  /** Set for a stored journey: one that is data in the store and can change while workers run. */
  readonly stored?: StoredVersion;
}

/** One version of a stored journey. */
export interface StoredVersion {
  readonly version: number;
  /** The data it was made from. It belongs to the fingerprint, since the function's text is the same for all stored journeys. */
  readonly definition: JsonObject;
  /** Users take no further step; see `docs/semantics.md`. */
  readonly paused: boolean;
  /** Former versions, oldest first. Users who entered under one of them, or before it, finish on it. */
  readonly former: readonly Journey[];
  /** Former versions, ascending, that do not fit the code. Users who should finish on one of them stay where they are. */
  readonly unfit?: readonly number[];
}

/**
 * Declares a journey.
 * @param id lower-case words joined by hyphens. Runs are stored under it, so a renamed journey is a new one
 * @param run the code of the journey, which calls the steps of `j`. The engine replays it from the start each time a run goes on,
 * so it must do the same for the same outcomes: no clock, no random numbers, and I/O only in `j.call`
 * @throws {TypeError} when the id has another form, `exit` is no list of events, the trigger is any activity, a duration is not one,
 * `onEdit` leads from a step to itself, or the budget or `maxOpenRuns` is not a whole number in its range
 */
export function journey<const T extends Trigger>(
  id: string,
  options: JourneyOptions<T>,
  run: (j: Steps<EnteredBy<T>>) => Promise<void>,
): Journey {
  if (!JOURNEY_ID.test(id))
    throw new TypeError(`'${id}' can't be the id of a journey. Expected lower-case words joined by hyphens.`);
  const { enter, reenter = 'never', freshness, maxOpenRuns, exit = [], goal, onEdit, budget } = options;
  refuseMissing(enter);
  const entering: readonly object[] = 'events' in enter && Array.isArray(enter.events) ? enter.events : [enter];
  if (entering.some((one) => 'name' in one && one.name === ANY_EVENT_NAME))
    throw new TypeError(`${id}: ${ANY_ACTIVITY_IS_NO_TRIGGER}`);
  if (entering.some((one) => 'name' in one && typeof one.name === 'string' && endedJourney(one.name) !== null))
    throw new TypeError(`${id}: the end of a journey is not a trigger: let that journey start this one, by j.start.`);
  const circle = [onEdit ?? []].flat().find(({ from, to }) => from === to);
  if (circle) throw new TypeError(`${id}, onEdit: '${circle.from}' can't lead to itself. Expected another step.`);
  if (budget && !(Number.isInteger(budget.messages) && budget.messages >= 0))
    throw new TypeError(`The budget of '${id}' must be a whole number of messages, 0 or more.`);
  if (!Array.isArray(exit)) throw new TypeError(`${id}, exit: expected a list of events, such as [unsubscribed].`);
  const exits = (exit as NonNullable<typeof options.exit>).flatMap(definitionsOf);
  const goals = goal ? definitionsOf(goal.event) : [];
  const [first] = goals;
  const openRuns = maxOpenRuns ?? MAX_OPEN_RUNS;
  if (!(Number.isInteger(openRuns) && openRuns >= 1 && openRuns <= MOST_OPEN_RUNS))
    throw new TypeError(`maxOpenRuns of '${id}' must be a whole number from 1 to ${MOST_OPEN_RUNS}.`);
  return {
    id,
    enter,
    reenter: typeof reenter === 'object' ? optionMs(`${id}, reenter`, reenter.after) : reenter,
    // The engine calls it with every event; see `Keyed`.
    key: (options.key as Journey['key'] | undefined) ?? null,
    ...(freshness !== undefined && { freshness: optionMs(`${id}, freshness`, freshness) }),
    ...(maxOpenRuns !== undefined && { maxOpenRuns }),
    exit: exits.map(({ name }) => name),
    ...(haveFilters(exits) && { exitEvents: exits }),
    goal:
      goal && first
        ? {
            event: first.name,
            example: exampleOf(first).properties,
            ...((goals.length > 1 || first.filters) && { events: goals }),
            withinMs: goal.within ? optionMs(`${id}, goal, within`, goal.within) : null,
            exit: goal.exit ?? false,
          }
        : null,
    transactional: options.transactional ?? false,
    ...priorityOption(id, options.priority),
    ...(options.topic !== undefined && { topic: options.topic }),
    ...(onEdit && { onEdit: [onEdit].flat() }),
    budget: budget ? { messages: budget.messages, withinMs: optionMs(`${id}, budget, within`, budget.within) } : null,
    run,
  };
}

/** The names of the events that reach a goal. */
export function goalNames({ event, events }: NonNullable<Journey['goal']>): readonly string[] {
  return events?.map(({ name }) => name) ?? [event];
}
