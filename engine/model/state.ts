import type { AskedRules, HeldMessage } from './asked-rules';
import type { Card } from './card';
import type { ChannelName } from './channels';
import type { Hold, Obstacle, SkipCause, SuppressCause } from './causes';
import type { EndedRuns, Entry, Scheduled, Starter } from './entries';
import type { ForgetAt } from './forget-at';
import type { AskedHistory, GroupHistory, GroupQuestion, JoinedGroup } from './group';
import type { Json, JsonObject } from './json';
import type { RunFailure } from './run-failure';
import type { RefusalCause, Refusals } from './refusals';
import type { Preferences } from './topic-answer';
import type { UserEvent } from './user-event';

export type { ChannelName } from './channels';
export type { Hold, Obstacle, SkipCause, SuppressCause } from './causes';
export type { Decision, StageChange } from './decision';
export type { RunFailure } from './run-failure';
export type { UserEvent } from './user-event';

/** Version of the types in this file. A worker must not change a state of a newer format than its own. */
export const STATE_FORMAT = 3;

/** The first format whose engine knows imported history. An older one takes it for events that it has seen. */
export const HISTORY_SINCE = 3;

/**
 * An event as kept in a journal. `at` is when it happened, epoch milliseconds. It never changes, but that properties are forgotten
 * when their time is over.
 */
export interface RecordedEvent {
  readonly id: string;
  readonly name: string;
  readonly at: number;
  readonly properties: JsonObject;
  /** Until when properties are kept. Absent or null if none is forgotten. */
  readonly forgetAt?: ForgetAt | null;
}

export type StepKind =
  | 'send'
  | 'waitFor'
  | 'sleep'
  | 'sleepUntil'
  | 'check'
  | 'pick'
  | 'experiment'
  | 'award'
  | 'set'
  | 'flag'
  | 'consent'
  | 'track'
  | 'start'
  | 'collect'
  | 'openChat'
  | 'closeChat'
  | 'call'
  | 'exit';

interface BaseRecord {
  readonly step: string;
  readonly kind: StepKind;
  /** When the run entered the step, epoch milliseconds of logical time. */
  readonly enteredAt: number;
  /** Text for people. Nothing compares it. */
  readonly reason: string;
  /** The facts the decision read, for people. */
  readonly facts: JsonObject;
  /** The version of the definitions that decided the step, or last evaluated its wait. Older records have none. */
  readonly version?: string;
}

/** A trait with a time, and the time it said when a wait was last computed. */
export interface Followed {
  readonly trait: string;
  /** Epoch milliseconds, or minutes since midnight; null for none. */
  readonly time: number | null;
  /** It is a time of day. */
  readonly ofDay?: true;
}

/** The step a run waits in. */
export interface WaitingRecord extends BaseRecord {
  readonly status: 'waiting';
  /** When the wait ends by time alone, epoch milliseconds; null for never. */
  readonly until: number | null;
  /** The names of the events that could end the wait. */
  readonly awaits: readonly string[];
  /** The same, with digests of their filters; see `authoring/narrowed.ts`. Absent if no filter is data. */
  readonly narrowed?: readonly string[];
  /** What holds the step; null when it waits as its journey says. */
  readonly hold: Hold | null;
  /** The time zone in which `until` was computed, if it is a time of the user's calendar. */
  readonly zone?: string;
  /** The trait whose time `until` was computed from. It is computed again when the trait says another time. */
  readonly follows?: Followed;
  /** It collects events: when the first one came, epoch milliseconds. Absent until then. */
  readonly collectsSince?: number;
  /** It waits for the answer to a call. */
  readonly awaitsAnswer?: true;
  /** The message of a journey with priority that is held. Lesser journeys leave it a place under the caps. */
  readonly holds?: HeldMessage;
  /** For a message that is held: the rules of the policy that were asked. */
  readonly asked?: AskedRules;
  /**
   * When a call with bounds was asked for, epoch milliseconds, if that was after the step was entered: a worker was late, a pause
   * ended, or the run had been parked here.
   */
  readonly askedAt?: number;
  readonly outcome?: never;
  readonly at?: never;
}

/** A step that was decided. */
export interface DoneRecord extends BaseRecord {
  readonly status: 'done';
  readonly outcome: Json;
  /** When the outcome was decided, epoch milliseconds of logical time. */
  readonly at: number;
  /** What reports count and people read in place of `reason`, which must not say what a person has answered. Absent: the reason. */
  readonly figure?: string;
  /** Identifies the content of a message, so that a renamed step is recognized. Older records have none. */
  readonly content?: string;
  /** For a message: the properties of its data that are forgotten. They are no part of `content`. Absent if there are none. */
  readonly forgets?: readonly string[];
  /** For a message: why it could not take each of the channels that were tried in vain. */
  readonly obstacles?: Readonly<Partial<Record<ChannelName, Obstacle>>>;
  /** For a message: the rules of the policy that were asked. Older records have none. */
  readonly asked?: AskedRules;
  /** For an exit: the entry does not count for `reenter`. */
  readonly uncounted?: true;
  readonly until?: never;
}

/** A step that an edit made the run skip, with the outcome that the code gets for it. */
export interface SkippedRecord extends BaseRecord {
  readonly status: 'skipped';
  readonly outcome: Json;
  readonly at: number;
  readonly cause: SkipCause;
  /** For a renamed message: the name of the step that decided it. */
  readonly renamedFrom?: string;
  readonly content?: string;
  readonly forgets?: readonly string[];
  /** For a step that an edit made one of another kind: the message that was decided under its name. Absent if there was none. */
  readonly formerMessage?: DecidedMessage;
  readonly until?: never;
}

/** What identifies a message that a run has decided, and what its step answers. */
export interface DecidedMessage {
  /** The name of the step that decided it. */
  readonly step: string;
  readonly kind: StepKind;
  readonly outcome: Json;
  readonly content?: string;
  readonly forgets?: readonly string[];
}

/** A step that is decided or skipped. */
export type DecidedRecord = DoneRecord | SkippedRecord;

/** One entry of a run's journal: a step, and its outcome once there is one. */
export type StepRecord = WaitingRecord | DecidedRecord;

/** The status of a run. A `failed` run is parked: its code threw. It resumes under other definitions. */
export type RunStatus = 'active' | 'completed' | 'exited' | 'failed';

/**
 * What ended a run: its code returned, an exit step, an exit event, its goal, support staff by hand, or its trigger, which started
 * the journey anew.
 */
export const RUN_ENDS = ['returned', 'exit step', 'exit event', 'goal', 'by hand', 'restart'] as const;
export type RunEnd = (typeof RUN_ENDS)[number];

/** A user's passage through one journey, from entry to end. Times are epoch milliseconds. */
export interface Run {
  readonly id: string;
  readonly journey: string;
  /** The key in a keyed journey, such as an order id; null in any other. */
  readonly key: string | null;
  /** The version of a stored journey under which the user entered. Absent if the journey is code. */
  readonly version?: number;
  readonly status: RunStatus;
  readonly enteredAt: number;
  /** Events that happened at this time or later count for waits, exits and goals. */
  readonly since: number;
  /** What let the user enter. Its `id` is part of the run's id. */
  readonly trigger: RecordedEvent;
  /** For an entry by a stage: the id of the event that changed the stage. Absent otherwise, and from older runs. */
  readonly cause?: string;
  /** The step of another run that started this one. Absent if something else let the user enter. */
  readonly startedBy?: Starter;
  /** The ends of the runs that this one has started, as far as they came while it was open. Absent if there are none. */
  readonly endings?: readonly RecordedEvent[];
  readonly journal: readonly StepRecord[];
  /** The ids of events that a wait of this run has used. */
  readonly consumed: readonly string[];
  readonly goalAt: number | null;
  readonly endedAt: number | null;
  /** What ended the run. Absent while it is open, and from older runs. */
  readonly endedBy?: RunEnd;
  /** The entry does not count for `reenter`: the exit that ended the run says so. */
  readonly uncounted?: true;
  /** Why the run ended or was parked. Text for people. */
  readonly reason: string;
  readonly failure: RunFailure | null;
}

/** A message that was sent recently, as the caps count it. `at` is epoch milliseconds. */
export interface SentRecord {
  readonly at: number;
  readonly channel: ChannelName;
  readonly transactional: boolean;
  /** Absent if the message had no topic. */
  readonly topic?: string;
  /** Absent if no cap asks about the journey. */
  readonly journey?: string;
}

/** What is remembered about an address: mail to it came back for good, or a holder of it reported spam or opted out. */
export type Suppression = 'bounced' | 'complained' | 'opted out';

/** How a user can be reached, and which channels they agreed to. The addresses stay in the store. */
export interface Reach {
  /** The channels for which the store has an address or a subscription. */
  readonly reachable: readonly ChannelName[];
  /** The user's explicit answers. A channel without an answer counts as agreed to. */
  readonly consent: Readonly<Partial<Record<ChannelName, boolean>>>;
  /** What is known of the user's address itself, whoever's profile it stands in. Absent when nothing is. */
  readonly suppressed?: Readonly<Partial<Record<ChannelName, readonly Suppression[]>>>;
  /** The user's answers about topics. Absent when there are none. */
  readonly topics?: Preferences;
}

/** Everything the engine knows about a user, all of it JSON. Times are epoch milliseconds. */
export interface UserState {
  readonly id: string;
  readonly traits: JsonObject;
  readonly reach: Reach;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** When history of the user was last imported. Absent if none ever was. */
  readonly importedAt?: number;
  /** In a stored life that is lived again: the id by which experiments were assigned. Default: by the first id. */
  readonly assignedAs?: string;
  /**
   * For somebody in memory, of whom alone anything is known: the groups that their own calls named, the latest last. Default: those
   * in the trait `groups`.
   */
  readonly joined?: readonly JoinedGroup[];
  /** Null until the engine has advanced the user for the first time. */
  readonly memory: Memory | null;
  /** The runs that are active or parked. */
  readonly runs: readonly Run[];
  readonly history: History;
}

/** The part of the state that only the engine writes. Times are epoch milliseconds. */
export interface Memory {
  /** The version of the definitions under which the user was last advanced. */
  readonly version: string;
  readonly stage: string;
  readonly stageSince: number;
  /** When the first event arrived that mattered to any definition. Absent from older memories. */
  readonly metAt?: number;
  /** History that was imported up to then is taken into account. What was due by then lets nobody enter. Absent if there is none. */
  readonly importedUntil?: number;
  /** The latest logical time that was decided. It never goes back. */
  readonly watermark: number;
  /** The number of events seen so far, by name, for each event that a milestone counts. */
  readonly counts: Readonly<Record<string, number>>;
  /** By journey id. */
  readonly entries: Readonly<Record<string, Entry>>;
  /** By journey id, for each journey that a date or the calendar lets the user enter. Absent if there are none. */
  readonly schedules?: Readonly<Record<string, Scheduled>>;
  /** Refused entries, by journey id. Absent if there are none. */
  readonly refused?: Readonly<Record<string, Readonly<Partial<Record<RefusalCause, Refusals>>>>>;
  /**
   * The id by which the user's experiments are assigned: the one they had when the first was. It stays when the user gets another
   * id. Absent until then.
   */
  readonly assignedAs?: string;
  readonly sent: readonly SentRecord[];
  readonly points: number;
  readonly badges: readonly string[];
  readonly flags: Readonly<Record<string, Json>>;
}

/** The events that are loaded, and how far back they reach. */
export interface History {
  readonly events: readonly UserEvent[];
  /**
   * Set when more events are pending than are loaded at once: the time the last loaded one was received, epoch milliseconds.
   * Nothing later is decided, and the advance asks to be called again at once.
   */
  readonly until?: number;
  /** The names whose events since `since` are all loaded; null when all events of the user are. */
  readonly names: readonly string[] | null;
  /** Epoch milliseconds. */
  readonly since: number;
  /**
   * The ended runs of each journey and key that was requested; null when there is none. The property is the journey's id, `\n` and
   * the key.
   */
  readonly ended: Readonly<Record<string, EndedRuns | null>>;
  /**
   * The number of events of these names that had come before, whether seen or not, without the pending ones. It covers milestones
   * that the memory does not count yet, and all milestones when other definitions decided last.
   */
  readonly counts: Readonly<Record<string, number>>;
  /**
   * All events of the names that a step has asked for, whether pending or not. Absent when none were requested, or when all events
   * of the user are loaded.
   */
  readonly asked?: AskedHistory;
  /**
   * What a step has asked about the user's groups. Absent when nothing was asked, or when all events of the user are loaded and
   * nobody else is known.
   */
  readonly groups?: readonly GroupHistory[];
}

/** A request for more history, without which the engine can't decide. `since` is epoch milliseconds. */
export type HistoryRequest =
  /** `since` is by name. No step asks `forImport`: the engine does once, to take in history that was imported. */
  | { readonly kind: 'asked'; readonly since: Readonly<Record<string, number>>; readonly forImport?: true }
  | ({ readonly kind: 'group' } & GroupQuestion)
  | { readonly kind: 'events'; readonly names: readonly string[]; readonly since: number }
  | { readonly kind: 'ended'; readonly journey: string; readonly keys: readonly string[] };

/** A message that a journey has decided. `id` is a UUID v5 of run and step, so the same decision is the same message. */
export interface Message {
  readonly id: string;
  readonly runId: string;
  readonly journey: string;
  readonly step: string;
  readonly channel: ChannelName;
  readonly template: string;
  /** Absent if the message has none. */
  readonly topic?: string;
  readonly status: 'queued' | 'held' | 'suppressed';
  /** What holds the message. Absent if it is not held. */
  readonly hold?: Hold;
  /** Why the message was suppressed. Absent if it was not. */
  readonly cause?: SuppressCause;
  /** Text for people. */
  readonly reason: string;
  readonly data: JsonObject;
  /** Until when properties of `data` are kept. Absent if none is forgotten. The message expires with the first of them, and loses all of its data. */
  readonly forgetAt?: ForgetAt;
  /** The card of an in-app message. Absent if the message is a card of its own. */
  readonly card?: Card;
  /** The app shows the message only while its run is open. Absent if it shows it until it expires. */
  readonly whileInside?: true;
  readonly transactional: boolean;
  /** Epoch milliseconds. */
  readonly decidedAt: number;
  /** The message is not sent after this time, epoch milliseconds. */
  readonly expiresAt: number;
}

/** A call that an activity makes, at least once. Its answer is recorded. */
export interface Call {
  readonly runId: string;
  readonly journey: string;
  readonly step: string;
}
