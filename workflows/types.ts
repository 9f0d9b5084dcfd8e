/** How a lifecycle begins. It carries nothing: the state is in PostgreSQL. */
export interface LifecycleInput {
  readonly userId: string;
  /** Continued as new: goes on at once instead of waiting until it is told something. */
  readonly continued: boolean;
}

/** Something a lifecycle is told of: an event's name, with our own number for it, or why it is to look. */
export interface Happening {
  readonly name: string;
  readonly id: string | null;
}

/** What `advance` is told: whose turn it is, and which deliveries and calls run as activities of their own. */
export interface AdvanceInput {
  readonly userId: string;
  readonly inFlight: readonly string[];
}

/** What the workflow does next, decided by the activity; no personal data. */
export interface AdvanceResult {
  /** Real milliseconds until the next deadline; null when there is none. */
  readonly wakeInMs: number | null;
  /** What the timer waits for, for the UI. */
  readonly wakeFor: string;
  readonly stage: string;
  /** Ids of the journeys with an active run. */
  readonly journeys: readonly string[];
  /** Markdown for the UI. */
  readonly details: string;
  /** What was decided this time, a line each, for the UI. */
  readonly decided: readonly string[];
  /** Deliveries whose first attempt failed. */
  readonly deliver: readonly Handover[];
  readonly calls: readonly Handover[];
  /** Nothing is awaited any more: the workflow may complete. */
  readonly done: boolean;
}

/** Work for a regular, retrying activity. */
export interface Handover {
  readonly id: string;
  readonly summary: string;
  readonly initialMs: number;
  readonly maximumMs: number;
  /** Real milliseconds after which it is given up. */
  readonly expiresInMs: number;
}

/** The activities the workflow calls. */
export interface LifecycleActivities {
  advance(input: AdvanceInput): Promise<AdvanceResult>;
  deliver(messageId: string): Promise<void>;
  call(userId: string, callId: string): Promise<void>;
}
