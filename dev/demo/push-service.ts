import { createECDH, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { freePort } from '../port';

/** What a browser gives to an app that may notify it: a `PushSubscription`, as JSON. */
export interface PushSubscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** A push service for browsers that don't exist. */
export interface PushService {
  /** Subscribes a browser; `notify` is called with each push that comes for it. */
  subscribe(notify: () => void): PushSubscription;
  stop(): Promise<void>;
}

/**
 * Starts a push service on loopback that speaks the real protocol (RFC 8030): pushes must be signed (RFC 8292) and encrypted
 * for the browser's keys (RFC 8291); like a real one it can't read them.
 */
export async function startPushService(): Promise<PushService> {
  const browsers = new Map<string, () => void>();

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const notify = browsers.get(request.url ?? '');
    for await (const _part of request);
    if (!notify) return void response.writeHead(404).end();
    if (!isPush(request)) return void response.writeHead(400).end();
    response.writeHead(201, { Location: `/messages/${randomUUID()}` }).end();
    notify();
  }

  const port = await freePort();
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    subscribe: (notify) => {
      const path = `/push/${randomUUID()}`;
      browsers.set(path, notify);
      const p256dh = createECDH('prime256v1').generateKeys('base64url');
      return {
        endpoint: `http://127.0.0.1:${port}${path}`,
        keys: { p256dh, auth: randomBytes(16).toString('base64url') },
      };
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function isPush({ method, headers }: IncomingMessage): boolean {
  const signed = headers.authorization?.startsWith('vapid ') ?? false;
  return method === 'POST' && signed && headers['content-encoding'] === 'aes128gcm' && headers['ttl'] !== undefined;
}
