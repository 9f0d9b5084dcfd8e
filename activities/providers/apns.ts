import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import type { Delivery } from '../channels/channel';
import { withFittingBody } from '../templates/fitting-body';
import { ApnsClient, NotProcessedError, type ApnsResponse } from './apns-client';
import { Confirmation } from './confirmation';
import { appData, apsOptions, deadToken, MAX_PAYLOAD_OCTETS, TOO_LONG, type DeviceMessage } from './device-message';
import { jsonAnswer } from './json-answer';
import type { Outgoing, Provider } from './provider';
import { retryAfterMs } from './retry-after';

/** Options of Apple's push service. */
export interface ApnsOptions {
  /** The text of the `.p8` file of a token key. */
  readonly key: string;
  readonly keyId: string;
  readonly teamId: string;
  /** The bundle id of the app. A device that was registered for another app gets messages for that one. */
  readonly topic: string;
  /** Devices of development builds have tokens of the sandbox. Default: false. */
  readonly sandbox?: boolean;
  /** Default: the real service. */
  readonly url?: string;
  /** Default: `apns`. */
  readonly name?: string;
  /** Real milliseconds for one request. Default: 30 seconds. */
  readonly timeoutMs?: number;
}

/** APNs refuses a token after an hour, and a new one more often than every 20 minutes. Milliseconds. */
const TOKEN_LIFE_MS = 45 * 60_000;
const TOKEN_MIN_LIFE_MS = 20 * 60_000;

/** What APNs says of a token that it does not know, or does not know any more. */
const DEAD: readonly string[] = ['BadDeviceToken', 'Unregistered', 'ExpiredToken'];

/** What it says of a mistake in our set-up, under the status 400. Somebody mends it. */
const SETUP: readonly string[] = ['BadTopic', 'MissingTopic', 'TopicDisallowed', 'BadCertificate'];

/**
 * Apple's push service by token keys over HTTP/2
 * (https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns). APNs drops no repetition, but the
 * message's id is its collapse id, so that a repeated attempt replaces the earlier one.
 * @throws {Error} when the key can't be read
 */
export function apns(options: ApnsOptions): Provider<DeviceMessage> {
  const { topic, sandbox = false, name = 'apns', timeoutMs = 30_000 } = options;
  const host = sandbox ? 'api.sandbox.push.apple.com' : 'api.push.apple.com';
  const client = new ApnsClient(options.url ?? `https://${host}`, timeoutMs);
  const token = new ProviderToken(options);
  return {
    name,
    async send(message, signal) {
      const body = payload(message);
      if (body === null) return { delivery: TOO_LONG, mayBeTaken: false };
      const confirmation = new Confirmation(message);
      try {
        const headers = { ...headersOf(message, topic), authorization: `bearer ${await token.get(Date.now())}` };
        const path = `/3/device/${encodeURIComponent(message.to)}`;
        const answer = await client.post(path, { headers, body }, signal, () => confirmation.ask());
        if (answer.status === 403) token.forget(Date.now());
        return { delivery: apnsAnswer(answer, message.to, name), mayBeTaken: answer.status === 200 };
      } catch (error) {
        return {
          delivery: { outcome: 'retry', ...confirmation.failureOf(error) },
          mayBeTaken: confirmation.isConfirmed && !(error instanceof NotProcessedError),
        };
      }
    },
    close: () => client.close(),
  };
}

/** The token that signs requests: a JWT of the key, the same for all requests of a time. */
class ProviderToken {
  readonly #key: KeyObject;
  #token: { readonly text: Promise<string>; readonly madeAt: number } | null = null;

  constructor(private readonly options: Pick<ApnsOptions, 'key' | 'keyId' | 'teamId'>) {
    this.#key = readKey(options.key);
  }

  /** @param now real epoch milliseconds */
  get(now: number): Promise<string> {
    if (this.#token === null || now - this.#token.madeAt > TOKEN_LIFE_MS) {
      const { keyId, teamId } = this.options;
      const jwt = new SignJWT().setProtectedHeader({ alg: 'ES256', kid: keyId }).setIssuer(teamId);
      this.#token = { text: jwt.setIssuedAt(Math.floor(now / 1_000)).sign(this.#key), madeAt: now };
    }
    return this.#token.text;
  }

  /** Forgets a token that APNs has refused, but not one that is so new that APNs would refuse another for that. */
  forget(now: number): void {
    if (this.#token !== null && now - this.#token.madeAt > TOKEN_MIN_LIFE_MS) this.#token = null;
  }
}

function readKey(text: string): KeyObject {
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  } catch {
    // The error below says it without a word of the key.
  }
  throw new Error('The key for APNs is not the text of a .p8 file, which begins with -----BEGIN PRIVATE KEY-----.');
}

function headersOf(message: Outgoing<DeviceMessage>, topic: string): Record<string, string> {
  const { id, transactional, ttlMs } = message;
  const { app, content } = message.content;
  return {
    'apns-id': id,
    'apns-topic': app ?? topic,
    'apns-push-type': 'alert',
    'apns-priority': transactional ? '10' : '5',
    'apns-expiration': String(Math.floor((Date.now() + ttlMs) / 1_000)),
    'apns-collapse-id': content.collapseKey ?? id,
    'content-type': 'application/json',
  };
}

/** The payload (https://developer.apple.com/documentation/usernotifications/generating-a-remote-notification); null when it is too long. */
function payload({ id, content: { content } }: Outgoing<DeviceMessage>): string | null {
  const { title, image } = content;
  return withFittingBody(content.body, MAX_PAYLOAD_OCTETS, (body) =>
    JSON.stringify({
      aps: { alert: { title, body }, ...apsOptions(content) },
      ...appData(id, content),
      ...(image !== undefined && { image }),
    }),
  );
}

const refused = z.object({ reason: z.string() });

/** Interprets an answer (https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns). */
function apnsAnswer({ status, headers, body }: ApnsResponse, token: string, name: string): Delivery {
  const { 'apns-id': providerId, 'retry-after': retryAfter } = headers;
  if (status === 200) return { outcome: 'sent', providerId: typeof providerId === 'string' ? providerId : null };
  // What APNs calls a reason is a code, by its documentation.
  const refusal = jsonAnswer(refused, body)?.reason ?? '';
  const detail = `${status} ${refusal}`.trim();
  if (status === 410 || DEAD.includes(refusal)) return deadToken(token, detail);
  if ((status === 400 || status === 413) && !SETUP.includes(refusal))
    return { outcome: 'suppressed', cause: 'bounced', reason: 'bounced', detail };
  const afterMs = retryAfterMs(typeof retryAfter === 'string' ? retryAfter : null, Date.now());
  const code = `${name} ${refusal === '' ? status : refusal}`;
  return { outcome: 'retry', code, detail, ...(afterMs > 0 && { afterMs }) };
}
