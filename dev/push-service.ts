import { createDecipheriv, createECDH, hkdfSync, randomBytes, randomUUID, type ECDH } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { PushSubscription } from '../store/push-subscriptions';
import { freePort } from './port';

/** A push as a browser receives it. */
export interface ReceivedPush {
  readonly headers: IncomingHttpHeaders;
  /** The decrypted payload, which is JSON. */
  readonly payload: unknown;
}

/** The response of the service to a push. */
export interface PushAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Receives each push for one subscription, and returns the response of the service. */
export type Browser = (push: ReceivedPush) => PushAnswer | Promise<PushAnswer>;

/** A push service on the loopback interface, for simulated browsers. */
export interface PushService {
  readonly origin: string;
  /** Returns the number of open connections. */
  connections(): Promise<number>;
  /** Creates a subscription for another browser. */
  subscribe(browser: Browser): PushSubscription;
  stop(): Promise<void>;
}

/** A browser with its private keys. */
interface Subscriber {
  readonly browser: Browser;
  readonly keys: ECDH;
  readonly auth: Buffer;
}

/** Returns the response to an accepted push (RFC 8030 5). */
export function accepted(): PushAnswer {
  return { status: 201, headers: { Location: `/messages/${randomUUID()}` } };
}

/**
 * Starts a push service that implements the real protocol (RFC 8030). Pushes must be signed (RFC 8292) and encrypted for the
 * keys of the browser (RFC 8291). The browser receives them decrypted.
 */
export async function startPushService(): Promise<PushService> {
  const subscribers = new Map<string, Subscriber>();

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray());
    const subscriber = subscribers.get(request.url ?? '');
    const { status, headers, body: text } = subscriber ? await answer(subscriber, request, body) : { status: 404 };
    response.writeHead(status, headers).end(text);
  }

  // An error closes the connection, so that the sender sees a failed request.
  const server = createServer((request, response) => void take(request, response).catch(() => response.destroy()));
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    connections: () =>
      new Promise((resolve, reject) => server.getConnections((e, count) => (e ? reject(e) : resolve(count)))),
    subscribe: (browser) => {
      const path = `/push/${randomUUID()}`;
      const keys = createECDH('prime256v1');
      const p256dh = keys.generateKeys('base64url');
      const auth = randomBytes(16);
      subscribers.set(path, { browser, keys, auth });
      return { endpoint: `${origin}${path}`, keys: { p256dh, auth: auth.toString('base64url') } };
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(subscriber: Subscriber, request: IncomingMessage, body: Buffer): Promise<PushAnswer> {
  if (!isPush(request)) return { status: 400 };
  const payload = JSON.parse(decrypt(body, subscriber)) as unknown;
  return subscriber.browser({ headers: request.headers, payload });
}

function isPush({ method, headers }: IncomingMessage): boolean {
  const signed = headers.authorization?.startsWith('vapid ') ?? false;
  return method === 'POST' && signed && headers['content-encoding'] === 'aes128gcm' && headers['ttl'] !== undefined;
}

/** Decrypts one record of aes128gcm (RFC 8188) with the keys Web Push derives (RFC 8291 3.4). */
function decrypt(body: Buffer, { keys, auth }: Subscriber): string {
  const salt = body.subarray(0, 16);
  const keyLength = body.readUInt8(20);
  const senderKey = body.subarray(21, 21 + keyLength);
  const record = body.subarray(21 + keyLength);
  const shared = keys.computeSecret(senderKey);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), senderKey]);
  const secret = Buffer.from(hkdfSync('sha256', shared, auth, info, 32));
  const derived = (label: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, salt, Buffer.from(`Content-Encoding: ${label}\0`), length));
  const decipher = createDecipheriv('aes-128-gcm', derived('aes128gcm', 16), derived('nonce', 12));
  decipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  // The last octet that is not zero delimits the padding. Its value is 2 in the last record.
  const end = padded.lastIndexOf(2);
  return padded.subarray(0, end).toString('utf8');
}
