import { createDecipheriv, createECDH, hkdfSync, randomBytes, randomUUID, type ECDH } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Subscription } from '../../activities/channels/web-push';

/** What the service answers to a push. */
export interface PushAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A push as the browser would get it. */
export interface ReceivedPush {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The decrypted payload. */
  readonly payload: unknown;
}

/** A push service on loopback, and the browsers that subscribe to it. */
export interface PushService {
  readonly origin: string;
  readonly received: readonly ReceivedPush[];
  /** Connections that are open now. */
  connections(): Promise<number>;
  /** Subscribes another browser; the service answers pushes to it so, or with `silence` never. */
  subscribe(answer: PushAnswer | 'silence'): Subscription;
  stop(): Promise<void>;
}

interface Browser {
  readonly keys: ECDH;
  readonly auth: Buffer;
  readonly answer: PushAnswer | 'silence';
}

/** Starts the service. */
export async function pushService(): Promise<PushService> {
  const browsers = new Map<string, Browser>();
  const received: ReceivedPush[] = [];

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const browser = browsers.get(path);
    if (!browser) return void response.writeHead(404).end();
    const body = Buffer.concat(await request.toArray());
    received.push({ path, headers: request.headers, payload: JSON.parse(decrypt(body, browser)) as unknown });
    if (browser.answer !== 'silence')
      response.writeHead(browser.answer.status, browser.answer.headers).end('answered by the test');
  }

  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The push service has no port.');
  const origin = `http://127.0.0.1:${address.port}`;
  return {
    origin,
    received,
    connections: () =>
      new Promise((resolve, reject) => server.getConnections((e, count) => (e ? reject(e) : resolve(count)))),
    subscribe: (answer) => {
      const id = randomUUID();
      const keys = createECDH('prime256v1');
      const p256dh = keys.generateKeys('base64url');
      const auth = randomBytes(16);
      browsers.set(`/push/${id}`, { keys, auth, answer });
      return { id, endpoint: `${origin}/push/${id}`, keys: { p256dh, auth: auth.toString('base64url') } };
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Decrypts one record of aes128gcm (RFC 8188) with the keys Web Push derives (RFC 8291 3.4). */
function decrypt(body: Buffer, { keys, auth }: Browser): string {
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
  // The last octet that is not zero delimits the padding; 2 marks the last record.
  const end = padded.lastIndexOf(2);
  return padded.subarray(0, end).toString('utf8');
}
