import type { Delivery } from '../channels/channel';
import { ApiClient } from './api-client';
import type { ApiAnswer, Members } from './api-answer';
import { handOverJson } from './json-api';
import type { Notification } from './notification';
import type { Provider } from './provider';
import { retryAfterMs } from './retry-after';

/** Options of Braze. */
export interface BrazeOptions {
  /** A REST key with the permission `messages.send`. */
  readonly apiKey: string;
  /** The REST endpoint of the instance, such as `https://rest.fra-01.braze.eu`. */
  readonly url: string;
  /** Default: `braze`. */
  readonly name?: string;
}

/** The longest time that Braze keeps a notification for Android. Seconds. */
const MAX_TTL_S = 28 * 86_400;

/**
 * Notifications by Braze's `/messages/send`: to all devices that its SDK has registered for the user's id. Braze knows no idempotency
 * keys. It takes messages for people whom it does not know, too.
 */
export function braze({ apiKey, url, name = 'braze' }: BrazeOptions): Provider<Notification> {
  const api = new ApiClient();
  return {
    name,
    send: (message, signal) => {
      const { id, userId, ttlMs } = message;
      const { title, body, url: link, image, data = {}, badge } = message.content;
      const extra = { ...data, messageId: id };
      const common = { extra, ...(link !== undefined && { custom_uri: link }) };
      const ttl = Math.min(MAX_TTL_S, Math.max(0, Math.floor(ttlMs / 1_000)));
      const request = {
        external_user_ids: [userId],
        messages: {
          apple_push: {
            ...common,
            alert: { title, body },
            expiry: new Date(Date.now() + ttl * 1_000).toISOString(),
            ...(badge !== undefined && { badge }),
            ...(image !== undefined && { asset_url: image, mutable_content: true }),
          },
          android_push: {
            ...common,
            title,
            alert: body,
            time_to_live: ttl,
            ...(image !== undefined && { image_url: image }),
          },
        },
      };
      const authorization = `Bearer ${apiKey}`;
      return handOverJson(
        api,
        { url: `${url}/messages/send`, authorization, body: request },
        message,
        signal,
        understood,
        pauseOf,
      );
    },
    close: async () => api.close(),
  };
}

/** Braze has taken the message, or has put it in a queue during maintenance, without an id then. */
function understood({ dispatch_id: id }: Members): Delivery {
  return { outcome: 'sent', providerId: typeof id === 'string' ? id : null };
}

/** Braze says when a limit starts anew: seconds since 1970 (braze.com/docs/api/api_limits). */
function pauseOf({ status, headers }: ApiAnswer): number {
  const now = Date.now();
  const asked = retryAfterMs(headers['retry-after'] ?? null, now);
  const reset = Number(headers['x-ratelimit-reset']);
  return asked > 0 || status !== 429 || !Number.isFinite(reset) ? asked : Math.max(0, reset * 1_000 - now);
}
