import type { JsonObject } from '../model/json';

/** A rendered message, as a channel of a team's own gets it. */
export interface OwnMessage {
  /** The same at every attempt. Services that know idempotency keys should get it as one. */
  readonly id: string;
  readonly userId: string;
  /** The address: the person's trait, or their id. */
  readonly to: string;
  /** What the template rendered to. */
  readonly content: JsonObject;
  readonly journey: string;
  readonly step: string;
  readonly transactional: boolean;
}

/** What became of a message. `code` must have no personal data; `detail` stays in the database. */
export type OwnDelivery =
  /** The service has taken it; `id` is the service's id for it. */
  | { readonly outcome: 'sent'; readonly id?: string }
  /** The service will never take it. */
  | { readonly outcome: 'refused'; readonly detail: string }
  /** Another attempt may work, after the `Retry-After` of the answer if it has one. */
  | { readonly outcome: 'retry'; readonly code: string; readonly detail: string; readonly retryAfter?: string | null };

/** Hands a message over. An error of `fetch` counts as `retry`. */
export type SendOwn<Name extends string = string> = (
  message: OwnMessage,
  settings: Readonly<Record<Name, string>>,
  signal: AbortSignal,
) => Promise<OwnDelivery>;
