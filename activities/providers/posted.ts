import type { Delivery } from '../channels/channel';
import { Confirmation } from './confirmation';
import type { GuardedClient, PostRequest, PostResponse } from './guarded-client';
import type { HandedOver, Outgoing } from './provider';
import { retryAfterMs } from './retry-after';

/** A request to a service that says by the status alone what becomes of a message. */
export interface Post extends PostRequest {
  /** Begins the code of a failure, such as `slack 503`. */
  readonly name: string;
  /** Statuses by which the service refuses the message for good. Every other failure may pass, or somebody mends a configuration. */
  readonly refusals: readonly number[];
}

/**
 * Posts a message, and interprets the answer: a 2xx is a delivery.
 * @throws what `confirm` rejects with, and programming errors
 */
export async function posted(
  client: GuardedClient,
  { name, refusals, ...request }: Post,
  message: Pick<Outgoing<unknown>, 'confirm'>,
  signal: AbortSignal,
): Promise<HandedOver> {
  const confirmation = new Confirmation(message);
  try {
    const answer = await client.post(request, signal, () => confirmation.ask());
    return { delivery: deliveryOf(answer, name, refusals), mayBeTaken: answer.status < 300 };
  } catch (error) {
    return {
      delivery: { outcome: 'retry', ...confirmation.failureOf(error) },
      mayBeTaken: confirmation.isConfirmed,
    };
  }
}

function deliveryOf({ status, text, retryAfter }: PostResponse, name: string, refusals: readonly number[]): Delivery {
  if (status >= 200 && status < 300) return { outcome: 'sent', providerId: null };
  const detail = `${status} ${text}`.trim();
  if (refusals.includes(status)) return { outcome: 'suppressed', cause: 'bounced', reason: 'bounced', detail };
  const afterMs = retryAfterMs(retryAfter, Date.now());
  return { outcome: 'retry', code: `${name} ${status}`, detail, ...(afterMs > 0 && { afterMs }) };
}
