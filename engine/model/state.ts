import type { Json, JsonObject } from './json';

/** Ways to reach a user. */
export const CHANNELS = ['email', 'webPush', 'inApp'] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** Version of the shapes in this file. A worker that loads a newer one than it knows must not touch it. */
export const STATE_FORMAT = 2;

/** An event as stored. `at` is when it happened, never later than `receivedAt`; both epoch milliseconds. */
export interface UserEvent {
  readonly id: string;
  readonly name: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly properties: JsonObject;
  /** False where it only happened to the user. Default: they did it. */
  readonly active?: boolean;
  /** Not yet seen by the engine. */
  readonly pending: boolean;
}

/** An event as kept in a journal: what the journey was told, for good. */
export interface RecordedEvent {
  readonly id: string;
  readonly name: string;
  readonly at: number;
  readonly properties: JsonObject;
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
  | 'call'
  | 'exit';

/** What keeps a step from going on although it was reached. Every other wait waits for its event, its time or its answer. */
export type Hold =
  /** Its journey is paused. */
  | 'paused'
  /** The policy holds its message until the quiet hours end. */
  | 'quiet hours'
  /** The policy holds its message until the address of a newcomer should have arrived. */
  | 'address'
  /** Its message was due in the past. It is decided in the present, later in the same `advance`. */
  | 'catching up';

/** What kept a message from a channel. */
export type Obstacle = 'address' | 'consent' | 'cap';

/** Why the policy does not send a message. */
export type SuppressCause = Obstacle | 'expired' | 'quiet hours' | 'no channel';

/** Why an edit made a run pass over a step. */
export type SkipCause =
  /** The step was put behind the position. */
  | 'behind'
  /** The run waited in the step, and the code no longer has it. */
  | 'removed'
  /** The step is a message the run has decided about before, under another name. */
  | 'renamed'
  /** The step was decided while it was of another kind. */
  | 'other kind';

interface BaseRecord {
  readonly step: string;
  readonly kind: StepKind;
  readonly enteredAt: number;
  /** Text for people. Nothing compares it. */
  readonly reason: string;
  /** The facts the decision used, for people. */
  readonly facts: JsonObject;
  /** The version of the definitions that decided the step, or evaluated its wait last; absent from older records. */
  readonly version?: string;
}

/** A step the run is in. */
export interface WaitingRecord extends BaseRecord {
  readonly status: 'waiting';
  /** When the wait ends by itself; null for never. */
  readonly until: number | null;
  /** The names of the events that could end the wait. */
  readonly awaits: readonly string[];
  /** What holds the step; null where it waits for what it was written to wait for. */
  readonly hold: Hold | null;
  /** The time zone `until` was computed in, where it is a time of the user's calendar. */
  readonly zone?: string;
  /** It waits for the answer of a call that was asked for. */
  readonly awaitsAnswer?: true;
  readonly outcome?: never;
  readonly at?: never;
}

/** A step with its outcome. */
export interface DoneRecord extends BaseRecord {
  readonly status: 'done';
  readonly outcome: Json;
  /** When the outcome was decided. */
  readonly at: number;
  /** Identifies what a decided message says: a renamed step is recognised by it. Absent from older records. */
  readonly content?: string;
  /** Of a message: what kept it from each channel it could not take. */
  readonly obstacles?: Readonly<Partial<Record<ChannelName, Obstacle>>>;
  readonly until?: never;
}

/** A step that an edit made the run pass over, and what the code gets for it. */
export interface SkippedRecord extends BaseRecord {
  readonly status: 'skipped';
  readonly outcome: Json;
  readonly at: number;
  readonly cause: SkipCause;
  /** Of a renamed message: the name of the step it was decided under. */
  readonly renamedFrom?: string;
  readonly content?: string;
  readonly until?: never;
}

/** A step that is over. */
export type DecidedRecord = DoneRecord | SkippedRecord;

/** One entry of a run's journal: a step the user entered, and its outcome once there is one. */
export type StepRecord = WaitingRecord | DecidedRecord;

export type RunStatus = 'active' | 'completed' | 'exited' | 'failed';

/** What ended a run: its code returned, an exit step, an exit event, its goal, or a person. */
export type RunEnd = 'returned' | 'exit step' | 'exit event' | 'goal' | 'by hand';

/** A user's passage through one journey. */
export interface Run {
  readonly id: string;
  readonly journey: string;
  /** Set for keyed journeys, e.g. the order id. */
  readonly key: string | null;
  /** Under which version of a stored journey the user entered; absent where the journey is code. */
  readonly version?: number;
  readonly status: RunStatus;
  readonly enteredAt: number;
  /** Events that happened from here on count for waits, exits and goals. */
  readonly since: number;
  /** What let the user enter; its `id` is part of the run's id. */
  readonly trigger: RecordedEvent;
  /** The event that changed the stage the user entered by; absent for any other trigger, and from older runs. */
  readonly cause?: string;
  readonly journal: readonly StepRecord[];
  /** Events already used by a wait of this run. */
  readonly consumed: readonly string[];
  readonly goalAt: number | null;
  readonly endedAt: number | null;
  /** What ended it; absent while it is open, and from older runs. */
  readonly endedBy?: RunEnd;
  /** Why it ended or failed, for people. */
  readonly reason: string;
  readonly failure: RunFailure | null;
}

/** Why a run is parked. It resumes under any other version of the journeys. */
export interface RunFailure {
  readonly error: string;
  readonly step: string | null;
  readonly at: number;
  readonly version: string;
}

/** A message sent to this user lately, as the caps count it. */
export interface SentRecord {
  readonly at: number;
  readonly channel: ChannelName;
  readonly transactional: boolean;
}

/** How a user can be reached and what they agreed to. Addresses themselves stay in the store. */
export interface Reach {
  /** Channels for which the store has an address or subscription. */
  readonly reachable: readonly ChannelName[];
  /** Explicit answers; a channel without one is consented to. */
  readonly consent: Readonly<Partial<Record<ChannelName, boolean>>>;
}

/** The last time this user entered a journey; for `reenter`. `trigger` tells one silence from the next. */
export interface Entry {
  readonly at: number;
  readonly count: number;
  readonly trigger: string;
}

/** Everything the engine remembers about a user. JSON throughout. */
export interface UserState {
  readonly id: string;
  readonly traits: JsonObject;
  readonly reach: Reach;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** Null until the engine has decided for the first time. */
  readonly memory: Memory | null;
  /** Active and failed runs, and those that ended in this very step. */
  readonly runs: readonly Run[];
  readonly history: History;
}

/** The part of the state only the engine writes. */
export interface Memory {
  /** Version of the definitions that decided last. */
  readonly version: string;
  readonly stage: string;
  readonly stageSince: number;
  /** When the first event arrived that concerned anyone; missing where that was before it was kept. */
  readonly metAt?: number;
  /** The latest logical time the engine has decided for. It never goes back. */
  readonly watermark: number;
  /** Events seen so far, for each event a milestone counts. */
  readonly counts: Readonly<Record<string, number>>;
  readonly entries: Readonly<Record<string, Entry>>;
  readonly sent: readonly SentRecord[];
  readonly points: number;
  readonly badges: readonly string[];
  readonly flags: Readonly<Record<string, Json>>;
}

/** The events the engine was given, and how far they reach. */
export interface History {
  readonly events: readonly UserEvent[];
  /**
   * Where more events are pending than are given at once: when the last of those given was received. Nothing later is decided, and
   * the engine asks to be called again at once.
   */
  readonly until?: number;
  /** Names for which all events since `since` are present; null when every event of the user is. */
  readonly names: readonly string[] | null;
  readonly since: number;
  /** Ended runs of keyed journeys the store was asked for: `journey` + `\n` + `key` → when they entered; null = there is none. */
  readonly ended: Readonly<Record<string, number | null>>;
  /**
   * How many events of these names had come before, seen or not, those pending apart: for milestones the memory doesn't count yet,
   * and for all where other definitions decided last.
   */
  readonly counts: Readonly<Record<string, number>>;
}

/** What the engine needs to be told before it can decide. */
export type HistoryRequest =
  | { readonly kind: 'events'; readonly names: readonly string[]; readonly since: number }
  | { readonly kind: 'ended'; readonly journey: string; readonly keys: readonly string[] };

/** A message a journey decided about. `id` is a uuid v5 of run and step, so the same decision is the same message. */
export interface Message {
  readonly id: string;
  readonly runId: string;
  readonly journey: string;
  readonly step: string;
  readonly channel: ChannelName;
  readonly template: string;
  readonly status: 'queued' | 'held' | 'suppressed';
  /** What holds it, if it is held. */
  readonly hold?: Hold;
  /** Why it is not sent, if the policy suppressed it. */
  readonly cause?: SuppressCause;
  /** Text for people. */
  readonly reason: string;
  readonly data: JsonObject;
  readonly transactional: boolean;
  readonly decidedAt: number;
  /** After this the message is worthless and is not sent. */
  readonly expiresAt: number;
}

/** A call to be made by an activity, at least once, with the outcome recorded. */
export interface Call {
  readonly runId: string;
  readonly journey: string;
  readonly step: string;
}

/** A change of stage, with the rule that made it. */
export interface StageChange {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** One line of what was decided, for the timeline, logs and summaries; never personal data. */
export interface Decision {
  readonly at: number;
  readonly journey: string | null;
  readonly step: string | null;
  readonly what: string;
  readonly reason: string;
}
