import { v3 } from 'uuid';
import type { Delivery } from '../channels/channel';
import { ApiClient } from './api-client';
import type { Members } from './api-answer';
import { handOverJson } from './json-api';
import type { Notification } from './notification';
import type { Provider } from './provider';

/** Options of OneSignal. */
export interface OneSignalOptions {
  readonly appId: string;
  /** The key of the app's REST API. */
  readonly apiKey: string;
  /** Default: `https://api.onesignal.com`. */
  readonly url?: string;
  /** Default: `oneSignal`. */
  readonly name?: string;
}

/** Makes UUIDs of version 3 of our ids, which are of version 5: OneSignal takes only those of version 3 and 4 as a key. */
const KEYS = '4f3a0a3c-6a0b-4a6e-9d53-3a3d6d1f0c55';
/** The longest time that OneSignal keeps a notification. Seconds. */
const MAX_TTL_S = 28 * 86_400;

/**
 * Notifications by OneSignal's API: to all devices and browsers that its SDK has registered for the user's id. OneSignal shows one
 * message once however often it is handed over (documentation.onesignal.com/reference/idempotent-notification-requests).
 */
export function oneSignal({
  appId,
  apiKey,
  url = 'https://api.onesignal.com',
  name = 'oneSignal',
}: OneSignalOptions): Provider<Notification> {
  const api = new ApiClient();
  return {
    name,
    send: (message, signal) => {
      const { id, userId, ttlMs, transactional } = message;
      const { title, body, url: link, image, data = {}, badge } = message.content;
      const request = {
        app_id: appId,
        target_channel: 'push',
        include_aliases: { external_id: [userId] },
        idempotency_key: v3(id, KEYS),
        headings: { en: title },
        contents: { en: body },
        ...(link !== undefined && { url: link }),
        ...(image !== undefined && { big_picture: image, chrome_web_image: image, ios_attachments: { image } }),
        ...(badge !== undefined && { ios_badgeType: 'SetTo', ios_badgeCount: badge }),
        data: { ...data, messageId: id },
        ttl: Math.min(MAX_TTL_S, Math.max(0, Math.floor(ttlMs / 1_000))),
        priority: transactional ? 10 : 5,
      };
      const authorization = `Key ${apiKey}`;
      return handOverJson(
        api,
        { url: `${url}/notifications`, authorization, body: request },
        message,
        signal,
        understood,
      );
    },
    close: async () => api.close(),
  };
}

/** An answer without an id means that nothing was created, because nobody has subscribed under this id. */
function understood({ id, errors }: Members): Delivery {
  if (typeof id === 'string' && id !== '') return { outcome: 'sent', providerId: id };
  const detail = JSON.stringify(errors ?? []).slice(0, 500);
  return { outcome: 'suppressed', cause: 'subscription', reason: 'no subscription', detail };
}
