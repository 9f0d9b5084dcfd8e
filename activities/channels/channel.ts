import type { Json, JsonObject } from '../../engine/model/json';
import type { ChannelName, RecordedEvent, SuppressCause } from '../../engine/model/state';
import type { DeliveryCause } from '../../store/messages';
import type { Templates } from '../templates/load';

/** The input of a delivery: the decided message and the user's current data. */
export interface Envelope {
  /** uuid v5 of run and step: the same at every attempt. */
  readonly id: string;
  readonly journey: string;
  readonly step: string;
  readonly template: string;
  readonly user: { readonly id: string; readonly traits: JsonObject; readonly stage: string };
  /** The event with which the user entered the journey. */
  readonly event: RecordedEvent;
  /** The answers of the run's steps before the message, by name. */
  readonly steps: Readonly<Record<string, Json>>;
  readonly data: JsonObject;
  /** The templates that came with the definitions under which the message was decided. Default: those in force. */
  readonly templates?: Templates;
  /** The provider that may have taken the message at an earlier attempt. No other one gets it while this one is in use. */
  readonly takenBy?: string | null;
  readonly transactional: boolean;
  /** Absent or null if it has none. */
  readonly topic?: string | null;
  /** Milliseconds of real time for which the message is still worth delivering. */
  readonly ttlMs: number;
  /**
   * Asks whether the message may still be sent. Call it at the last moment, when the provider is ready to take the bytes, and give
   * the attempt up when it rejects. It is cheap enough to be called again before the bytes that complete the message.
   * @throws an error with a `code`
   */
  confirm(): Promise<void>;
  /**
   * Waits for the message's turn under the rate of its channel. Ask once, before the first hand-over.
   * @returns null when it may be sent; otherwise the outcome of the attempt: it has to come back
   */
  turn?(): Promise<Delivery | null>;
}

/**
 * The outcome of an attempt. `code` and `reason` are short and free of personal data, because they reach Temporal and the metrics.
 * `detail` may quote the provider and stays in the database. `afterMs` is the pause that the provider asks for, in real milliseconds.
 * `provider` is the name of the one that answered, where a channel has several.
 */
export type Delivery =
  | { readonly outcome: 'sent'; readonly providerId: string | null; readonly provider?: string }
  | {
      readonly outcome: 'suppressed';
      readonly cause: DeliveryCause | SuppressCause;
      readonly reason: string;
      readonly detail?: string;
      /** The address, if the provider's answer means that it takes no mail at all, now or later. */
      readonly deadAddress?: string;
      readonly provider?: string;
    }
  | {
      readonly outcome: 'retry';
      readonly code: string;
      readonly detail: string;
      readonly afterMs?: number;
      /** The provider that may have taken the message although it did not say so. */
      readonly takenBy?: string;
      /** Nothing was handed over, so this is no failed attempt. Default: false. */
      readonly isWait?: boolean;
    };

/** The shortest and the longest pause between attempts of a channel. Real milliseconds. */
export interface RetryPlan {
  readonly initialMs: number;
  readonly maximumMs: number;
}

/** A way to reach a user. */
export interface Channel {
  readonly name: ChannelName;
  /**
   * Makes one attempt. Every foreseeable failure is an outcome.
   * @throws only for programming errors
   */
  deliver(envelope: Envelope, signal: AbortSignal): Promise<Delivery>;
  /** Releases connections. */
  close(): Promise<void>;
}
