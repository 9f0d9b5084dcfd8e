import type { JsonObject } from '../../engine/model/json';
import type { ChannelName, RecordedEvent } from '../../engine/model/state';

/** What a channel is given to deliver: the decided message and the user's current facts. */
export interface Envelope {
  /** uuid v5 of run and step: the same at every attempt. */
  readonly id: string;
  readonly journey: string;
  readonly step: string;
  readonly template: string;
  readonly user: { readonly id: string; readonly traits: JsonObject; readonly stage: string };
  /** What let the user enter the journey. */
  readonly event: RecordedEvent;
  readonly data: JsonObject;
  readonly transactional: boolean;
  /** Milliseconds of real time for which the message is still worth delivering. */
  readonly ttlMs: number;
}

/**
 * What came of an attempt. `code` and `reason` are short and free of personal data (they reach Temporal and the metrics);
 * `detail` may quote the provider and stays in the database.
 */
export type Delivery =
  | { readonly outcome: 'sent'; readonly providerId: string | null }
  | { readonly outcome: 'suppressed'; readonly reason: string; readonly detail?: string }
  | { readonly outcome: 'retry'; readonly code: string; readonly detail: string; readonly afterMs?: number };

/** How a failing channel is retried: real milliseconds. */
export interface RetryPlan {
  readonly initialMs: number;
  readonly maximumMs: number;
}

/** A way to reach a user. `deliver` answers for every foreseeable failure and throws only for programming errors. */
export interface Channel {
  readonly name: ChannelName;
  deliver(envelope: Envelope, signal: AbortSignal): Promise<Delivery>;
  /** Releases connections. */
  close(): Promise<void>;
}
