import type { WakeReason } from './wake-signal';

/** The workflow's argument. It holds no state: the state is in PostgreSQL. */
export interface LifecycleInput {
  readonly userId: string;
  /** True at a start and after continue-as-new: the workflow advances at once. False in version 0.1.0, where a signal followed. */
  readonly continued: boolean;
  /** Why the lifecycle was started. Absent after continue-as-new, and in version 0.1.0. */
  readonly reasons?: readonly WakeReason[];
}

/** The argument of `advance`. */
export interface AdvanceInput {
  readonly userId: string;
  /** Ids of the deliveries and calls that run as activities of their own. */
  readonly inFlight: readonly string[];
  /** True when the timer fired. Absent from workers of version 0.1.0. */
  readonly byTimer?: boolean;
}

/** What the workflow does next, as the activity decided. Holds no personal data. */
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
  /** The decisions of this advance, one line each, for the UI. */
  readonly decided: readonly string[];
  /** Deliveries to retry: their first attempt failed. */
  readonly deliver: readonly Handover[];
  readonly calls: readonly Handover[];
  /** True when the user waits for nothing: the workflow may complete. */
  readonly done: boolean;
}

/** Work for a regular, retrying activity. All durations are real milliseconds. */
export interface Handover {
  readonly id: string;
  /** The step, and for a delivery the channel, for the UI. */
  readonly summary: string;
  readonly initialMs: number;
  readonly maximumMs: number;
  /** The activity gives up after this. */
  readonly expiresInMs: number;
}

/** The activities that the workflow calls. */
export interface LifecycleActivities {
  advance(input: AdvanceInput): Promise<AdvanceResult>;
  deliver(messageId: string): Promise<void>;
  call(userId: string, callId: string): Promise<void>;
}
