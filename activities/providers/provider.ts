import type { TemplateContext } from '../../engine/definitions/template-use';
import type { Delivery } from '../channels/channel';

/** A rendered message for one address, as a channel gives it to a provider. */
export interface Outgoing<Content> {
  /** The id of the message, the same at every attempt. Providers that know idempotency keys get it, and every receipt names it. */
  readonly id: string;
  readonly userId: string;
  /** The address or token. */
  readonly to: string;
  readonly content: Content;
  readonly journey: string;
  readonly step: string;
  readonly transactional: boolean;
  /** Milliseconds of real time for which the message is still worth delivering. */
  readonly ttlMs: number;
  readonly links: TemplateContext['links'];
  /**
   * Asks whether the message may still be sent. Call it at the last moment, when the provider is ready to take the bytes.
   * @throws an error with a `code`; then the attempt must be given up
   */
  confirm(): Promise<void>;
}

/** What became of a message that was handed to a provider. */
export interface HandedOver {
  readonly delivery: Delivery;
  /**
   * The provider may have taken the message although it did not say so: the connection broke after the last byte. No other provider
   * may get it then, because a provider can't know what another one has sent.
   */
  readonly mayBeTaken: boolean;
  /**
   * True for a failure that is about this message or its recipient alone, such as a mailbox that is full for now. It says nothing
   * about the provider. Default: false.
   */
  readonly isOfMessage?: boolean;
}

/** A service that takes the messages of a channel. */
export interface Provider<Content> {
  /** Its name in metrics, receipts and the timeline, such as `postmark`. */
  readonly name: string;
  /**
   * Hands a message over. Every foreseeable failure is an outcome.
   * @throws what `confirm` rejects with, and programming errors
   */
  send(message: Outgoing<Content>, signal: AbortSignal): Promise<HandedOver>;
  /** Releases connections. */
  close(): Promise<void>;
}

/** A provider that shares the messages of its channel with others. */
export interface SharedProvider<Content> extends Provider<Content> {
  /** Its share, in proportion to the weights of the others. With 0 it is only tried after all others. */
  readonly weight: number;
  /** For how many real milliseconds it must not be asked; 0 when it may be asked now. */
  pausedMs(): number;
}
