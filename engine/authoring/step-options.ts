import type { Duration } from '../model/duration';
import type { Json, JsonObject } from '../model/json';
import type { ChannelName } from '../model/state';
import type { Localized } from '../model/localized';
import type { UserFacts } from './facts';
import type { QuestionChoice } from './question';

/** What became of a `send`. */
export interface SendOutcome {
  /** `sent`: handed over for delivery. `suppressed`: not sent, by the policy. `skipped`: an edit made the run skip the step. */
  readonly status: 'sent' | 'suppressed' | 'skipped';
  /** The channel that was taken, or the one the message was suppressed on; null when there is none. */
  readonly channel: ChannelName | null;
  /** Why, as text for people. */
  readonly reason: string;
}

/** When `j.send` asks the next channels, too. */
export interface Fallback {
  /**
   * A message that was noticed in this way needs no other one. Who has clicked has also opened it, and what was opened was delivered. A
   * message in the app is opened when the person has seen it.
   */
  readonly unless: 'delivered' | 'opened' | 'clicked';
  /** How long a message has for that, counted from when its step sends it. One that fails for good is not waited for. */
  readonly after: Duration;
}

/** The options of `j.send`. */
export interface SendOptions {
  /**
   * The message needs no consent, does not count against the caps, and is not held for quiet hours. Use it for a receipt, a
   * password reset or a gate change. Default: the journey's `transactional`.
   */
  readonly transactional?: boolean;
  /**
   * The topic of the message, as `topics.ts` declares it: somebody who has left the topic does not get it. Transactional messages
   * go out all the same. Default: the journey's `topic`.
   */
  readonly topic?: string;
  /**
   * How long after the step is entered the message may still be sent. Default: the policy's longest `expiry` of its channels.
   */
  readonly expires?: Duration;
  /**
   * What becomes of the message if a cap keeps it from a channel. `'next channel'`: it takes the next listed one; if none is left, it
   * is not sent. `'suppress'`: it is not sent, also if a later channel has room. `'hold'`: it takes the next listed one; if none is
   * left, it is held until one has room, and decided again. Default: `'next channel'`.
   */
  readonly ifCapped?: 'next channel' | 'suppress' | 'hold';
  /**
   * Values for the templates, which read them as `data`. A property that an event forgets reaches templates by `data` only; the
   * message expires with it. Default: `{}`.
   */
  readonly data?: Readonly<Record<string, Json | undefined>>;
  /**
   * The card in the app that shows the message, instead of what it showed before: one for each journey, slot and key. Other channels
   * ignore it. Default: the message is a card of its own.
   */
  readonly slot?: string;
  /** Show the card again if the user has dismissed it. Default: a dismissed card stays dismissed. */
  readonly reopen?: boolean;
  /**
   * `'inside'`: the app shows the message only while the user is inside the journey: it goes when the run ends, for whatever reason.
   * Other channels ignore it. Default: the app shows it until it is dismissed or expires.
   */
  readonly while?: 'inside';
  /**
   * Sends the message by the next listed channels, too, one after another, if it is not noticed in time. The policy decides about each.
   * The steps of these messages are called `<step>: after <channel>`. The answer is that of the last message that went out. Default: one
   * message, and the run goes on at once.
   */
  readonly fallback?: Fallback;
}

/** What `j.ask` asks. */
export interface Question<Value extends string = string> {
  /** The question, at most 1,000 characters. It may have a text for each language. */
  readonly text: Localized;
  /**
   * What the person can answer: 1 to 20 choices. A value has letters, digits, `_` and `-`, and begins with a letter. A label has at
   * most 100 characters.
   */
  readonly choices: readonly QuestionChoice<Value>[];
  /** Asks by another channel, too, if the person does not see the question in the app. Default: in the app only. */
  readonly away?: AwayMessage;
}

/** The message of `j.ask` to a person who is away. */
export interface AwayMessage {
  /** How long after the question. */
  readonly after: Duration;
  readonly channel: Exclude<ChannelName, 'inApp'>;
  /** The template. It reads the question as `data.question`, and the address that answers with a choice as `links.<value>`. */
  readonly template: string;
}

/** The options of `j.ask`. */
export interface AskOptions {
  /**
   * How long the person may take to answer, counted from when they have seen the question, or are asked by the other channel. Without
   * `away`: from when they are asked. Default: without end.
   */
  readonly within?: Duration;
}

/** The options of `j.collect`. */
export interface CollectOptions {
  /** How long to collect, counted from the first event; from when the step is entered if that came before. */
  readonly for: Duration;
  /** The most events. When so many have come, the run goes on at once. From 1 to 100. Default: 100, and only time ends it. */
  readonly atMost?: number;
  /** How long to wait for the first event, counted from when the step is entered. Default: without end. */
  readonly within?: Duration;
}

/** The user to whom an event of `j.track` happens, or several of them. An unknown user is created, as by any event. */
export type TrackTo =
  | {
      /** The id of a user, as the app sends it. */
      readonly userId: string;
    }
  | {
      /** The ids of at most 100 users. The event happens to each of them. */
      readonly userIds: readonly string[];
    };

/** Another person of a conversation that `j.openChat` opens. */
export interface ChatPerson<Role extends string = string> {
  /** The id of a user, as the app sends it. An unknown user is created, as by any event. */
  readonly userId: string;
  /** One of the roles of the chat. */
  readonly role: Role;
  /** The name that the others see, at most 40 characters. */
  readonly name: string;
}

/** A conversation, as `j.openChat` opens it. */
export interface ChatOpening<Role extends string = string> {
  /** Tells the conversation from others of the same chat, such as an order id. At most 200 characters. */
  readonly key: string | number;
  /** The user's own role. */
  readonly as: Role;
  /** The user's own name, as the others see it, at most 40 characters. */
  readonly name: string;
  /** The others, each with a role of their own. */
  readonly with: readonly ChatPerson<Role>[];
}

/** The options of `j.start`. */
export interface StartOptions {
  /** The key of the run, if the journey has keys. Default: what its function `key` says of `data`. */
  readonly key?: string | number;
  /** What the journey gets as the properties of `j.event`, at most 32 KB. Default: `{}`. */
  readonly data?: JsonObject;
}

/**
 * Why a journey was not started. `unknown`: there is no such journey, or it is not published. `inside`: the user has an open run of
 * it with this key. `before`: `reenter` rules it out. `open runs`: the user has `maxOpenRuns` of them. `starts`: 100 runs were started
 * for the user at this instant. `size`: `data` is too large.
 */
export type StartRefusal = 'unknown' | 'inside' | 'before' | 'open runs' | 'starts' | 'size';

/** What came of `j.start`. If an edit made the run skip the step, nobody has entered, and `refused` is null. */
export type StartOutcome =
  | { readonly entered: true; readonly refused: null }
  | { readonly entered: false; readonly refused: StartRefusal | null };

/** The options of `j.exit`. */
export interface ExitOptions {
  /** Text for people. It shows in the Temporal UI, so it must hold no personal data. Default: the name of the step. */
  readonly reason?: string;
  /** The entry does not count for `reenter`, as if the user had not entered. Default: every entry counts. */
  readonly uncounted?: boolean;
}

/** The options of `j.pick`. */
export interface PickOptions<Value extends Json = Json> {
  /**
   * Every value that it may pick; another one is an error in the journey. `explore` walks the code behind each, and checks each
   * template that is named by it. Default: `explore` finds out what it can.
   */
  readonly among?: readonly Value[];
}

/** What `j.call` passes to its function. The facts are a copy that the function may change. */
export interface CallContext extends UserFacts {
  /** The same at every attempt of this step in this run. Pass it on, so that a repeated call has no second effect. */
  readonly idempotencyKey: string;
}

/** The options of `j.call`. */
export interface CallOptions<Result extends Json = Json> {
  /** How long the call is tried, counted from when it is first asked for. Default: without end. */
  readonly within?: Duration;
  /** How often the function may fail. An attempt whose worker dies is repeated and not counted. Default: without limit. */
  readonly attempts?: number;
  /**
   * What happens when `within` or `attempts` is used up. `'null'`: the answer is null, and the run goes on. `'park'`: the run is
   * parked in this step, and tries again under other definitions. Default: `'park'`.
   */
  readonly onFailure?: 'null' | 'park';
  /**
   * Answers that the function may give. `explore` walks the code behind each, and behind null if `onFailure` is `'null'`. They
   * change nothing for users. Default: null alone.
   */
  readonly examples?: readonly (Result | null)[];
}
