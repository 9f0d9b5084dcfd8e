import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import {
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { jwtVerify } from 'jose';

/** A request as the fake got it. */
export interface ReceivedByApns {
  readonly headers: IncomingHttpHeaders;
  readonly payload: unknown;
}

/** An answer with the reason that APNs gives. */
export interface ApnsRefusal {
  readonly status: number;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * How the fake misbehaves at its next request: it refuses it; `hangs` without an answer; `closes` the connection after it has read the
 * request; `refuses` the stream without processing it; or answers, and says that it closes the connection (`goaway`).
 */
export type ApnsMisbehaviour = ApnsRefusal | 'hangs' | 'closes' | 'refuses' | 'goaway';

/** A stand-in for Apple's push service. */
export interface FakeApns {
  readonly url: string;
  /** The text of the `.p8` file that it knows as the key `KEY` of the team `TEAM`. */
  readonly key: string;
  readonly received: readonly ReceivedByApns[];
  /** The number of connections that were ever opened. */
  readonly connections: number;
  misbehave(...next: readonly ApnsMisbehaviour[]): void;
  stop(): Promise<void>;
}

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/**
 * Starts a stand-in for APNs (https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns). It
 * speaks HTTP/2, without TLS.
 */
export async function startApns(): Promise<FakeApns> {
  const received: ReceivedByApns[] = [];
  const planned: ApnsMisbehaviour[] = [];
  const sessions = new Set<ServerHttp2Session>();
  let connections = 0;

  async function refusal(headers: IncomingHttpHeaders): Promise<ApnsRefusal | null> {
    const [, jwt = ''] = /^bearer (.*)$/.exec(headers.authorization ?? '') ?? [];
    try {
      const { protectedHeader } = await jwtVerify(jwt, publicKey, { issuer: 'TEAM', algorithms: ['ES256'] });
      if (protectedHeader.kid !== 'KEY') return { status: 403, reason: 'InvalidProviderToken' };
    } catch {
      return { status: 403, reason: 'InvalidProviderToken' };
    }
    if (!/^\/3\/device\/[0-9a-f]+$/.test(headers[':path'] ?? '')) return { status: 400, reason: 'BadDeviceToken' };
    if (headers['apns-topic'] === undefined) return { status: 400, reason: 'MissingTopic' };
    return null;
  }

  async function take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const plan = planned.shift();
    if (plan === 'refuses') {
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
      return;
    }
    received.push({ headers, payload: JSON.parse(await text(stream)) });
    if (plan === 'hangs') return;
    if (plan === 'closes') {
      stream.session?.destroy();
      return;
    }
    const given = typeof plan === 'object' ? plan : await refusal(headers);
    const id = headers['apns-id'];
    const { status, headers: own } = given ?? { status: 200, headers: {} };
    stream.respond({ ':status': status, ...(id !== undefined && { 'apns-id': id }), ...own });
    stream.end(given ? JSON.stringify({ reason: given.reason }) : '');
    if (plan === 'goaway') stream.session?.goaway(constants.NGHTTP2_NO_ERROR);
  }

  const server = createServer();
  server.on('session', (session) => {
    connections++;
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    void take(stream, headers);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    received,
    get connections() {
      return connections;
    },
    misbehave: (...next) => void planned.push(...next),
    async stop() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
