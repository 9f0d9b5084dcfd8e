import { z } from 'zod';
import type { Delivery } from '../channels/channel';
import { withFittingBody } from '../templates/fitting-body';
import { Confirmation } from './confirmation';
import { appData, apsOptions, deadToken, MAX_PAYLOAD_OCTETS, TOO_LONG, type DeviceMessage } from './device-message';
import { GoogleToken, readServiceAccount, TokenError } from './google-token';
import { GuardedClient, type PostResponse } from './guarded-client';
import { jsonAnswer } from './json-answer';
import type { Outgoing, Provider } from './provider';
import { retryAfterMs } from './retry-after';

/** Options of Firebase Cloud Messaging. */
export interface FcmOptions {
  /** The text of the JSON file of a service account. */
  readonly serviceAccount: string;
  /** Default: the real service. Others are proxies, and stand-ins for tests. */
  readonly url?: string;
  /** Default: `fcm`. */
  readonly name?: string;
  /** Real milliseconds for one request. Default: 30 seconds. */
  readonly timeoutMs?: number;
}

/** FCM keeps a message for four weeks at most. Seconds. */
const MAX_TTL_S = 28 * 86_400;
/** The pause after QUOTA_EXCEEDED without a `Retry-After`, as FCM's documentation asks for. Real milliseconds. */
const QUOTA_PAUSE_MS = 60_000;
/** Errors are JSON with their details. */
const TEXT_LIMIT = 4_000;

/**
 * Firebase Cloud Messaging by its HTTP v1 API (https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages). FCM knows no
 * idempotency key. The message's id is the tag of the notification, so that a repeated attempt replaces the earlier one.
 * @throws {Error} when the service account can't be read
 */
export function fcm({ serviceAccount, url, name = 'fcm', timeoutMs = 30_000 }: FcmOptions): Provider<DeviceMessage> {
  const account = readServiceAccount(serviceAccount);
  const token = new GoogleToken(account);
  const client = new GuardedClient({ timeoutMs, textLimit: TEXT_LIMIT });
  const endpoint = `${url ?? 'https://fcm.googleapis.com'}/v1/projects/${encodeURIComponent(account.project_id)}/messages:send`;
  return {
    name,
    async send(message, signal) {
      const body = fcmMessage(message);
      if (body === null) return { delivery: TOO_LONG, mayBeTaken: false };
      const confirmation = new Confirmation(message);
      try {
        const headers = { authorization: `Bearer ${await token.get()}`, 'content-type': 'application/json' };
        const answer = await client.post({ endpoint, headers, body }, signal, () => confirmation.ask());
        if (answer.status === 401) token.forget();
        return { delivery: fcmAnswer(answer, message.to, name), mayBeTaken: answer.status < 300 };
      } catch (error) {
        if (error instanceof TokenError)
          return {
            delivery: { outcome: 'retry', code: `${name} login`, detail: error.message },
            mayBeTaken: false,
          };
        return {
          delivery: { outcome: 'retry', ...confirmation.failureOf(error) },
          mayBeTaken: confirmation.isConfirmed,
        };
      }
    },
    async close() {
      client.close();
    },
  };
}

/** A message as FCM takes it; null when it is too long. FCM limits notification and data, and here the whole request stays below that. */
function fcmMessage({ id, to, ttlMs, transactional, content: message }: Outgoing<DeviceMessage>): string | null {
  const { content, platform } = message;
  const { title, image, badge, sound, category, androidChannel, collapseKey = id } = content;
  const ttlS = Math.min(MAX_TTL_S, Math.max(0, Math.floor(ttlMs / 1_000)));
  const android = {
    collapse_key: collapseKey,
    priority: transactional ? 'HIGH' : 'NORMAL',
    ttl: `${ttlS}s`,
    notification: {
      tag: collapseKey,
      ...(sound !== undefined && { sound }),
      ...(category !== undefined && { click_action: category }),
      ...(androidChannel !== undefined && { channel_id: androidChannel }),
      ...(badge !== undefined && { notification_count: badge }),
    },
  };
  const apns = {
    headers: {
      'apns-priority': transactional ? '10' : '5',
      'apns-expiration': String(Math.floor(Date.now() / 1_000) + ttlS),
      'apns-collapse-id': collapseKey,
    },
    payload: { aps: apsOptions(content) },
    ...(image !== undefined && { fcm_options: { image } }),
  };
  return withFittingBody(content.body, MAX_PAYLOAD_OCTETS, (body) =>
    JSON.stringify({
      message: {
        token: to,
        notification: { title, body, ...(image !== undefined && { image }) },
        data: appData(id, content),
        ...(platform === 'ios' ? { apns } : { android }),
      },
    }),
  );
}

const accepted = z.object({ name: z.string() });
const refused = z.object({
  error: z.object({
    details: z
      .array(
        z.object({
          errorCode: z.string().optional(),
          fieldViolations: z.array(z.object({ field: z.string().optional() })).optional(),
        }),
      )
      .default([]),
  }),
});

/**
 * Interprets an answer (https://firebase.google.com/docs/cloud-messaging/error-codes). A token is dead when FCM calls it unregistered,
 * or invalid while no other field of the request is. That of another sender (SENDER_ID_MISMATCH) is refused but kept, because the
 * mistake may be ours.
 */
function fcmAnswer({ status, text, retryAfter }: PostResponse, token: string, name: string): Delivery {
  if (status >= 200 && status < 300) return { outcome: 'sent', providerId: jsonAnswer(accepted, text)?.name ?? null };
  const details = jsonAnswer(refused, text)?.error.details ?? [];
  const errorCode = details.find((detail) => detail.errorCode !== undefined)?.errorCode ?? '';
  const fields = details.flatMap(({ fieldViolations = [] }) => fieldViolations.map(({ field = '' }) => field));
  const detail = `${status} ${text.slice(0, 500)}`.trim();
  if (errorCode === 'UNREGISTERED') return deadToken(token, detail);
  if (errorCode === 'INVALID_ARGUMENT' && fields.every((field) => field === 'message.token'))
    return deadToken(token, detail);
  if (status === 400 || status === 413 || errorCode === 'SENDER_ID_MISMATCH')
    return { outcome: 'suppressed', cause: 'bounced', reason: 'bounced', detail };
  const afterMs = retryAfterMs(retryAfter, Date.now()) || (status === 429 ? QUOTA_PAUSE_MS : 0);
  const code = `${name} ${errorCode === '' ? status : errorCode}`;
  return { outcome: 'retry', code, detail, ...(afterMs > 0 && { afterMs }) };
}
