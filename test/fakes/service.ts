import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as a fake service got it. */
export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer of a fake service. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: string | object;
}

/**
 * How a service misbehaves at its next requests: it answers as given; `closes` without an answer, after it has read and kept the
 * request; or answers only after `release()` of the fake.
 */
export type Misbehaviour = Reply | 'closes' | 'hangs';

/** A server that stands for a paid service. It speaks HTTP on a port of this machine. */
export interface FakeService {
  readonly url: string;
  /** All requests so far, also those that it answered with a misbehaviour. */
  readonly received: readonly Received[];
  /** Makes the next requests go wrong, one each, in this order. */
  misbehave(...next: readonly Misbehaviour[]): void;
  /** Lets requests that hang get their normal answer. */
  release(): void;
  stop(): Promise<void>;
}

/** Starts a fake service that answers requests as `answer` says, unless it was told to misbehave. */
export async function startFake(answer: (request: Received) => Reply | Promise<Reply>): Promise<FakeService> {
  const received: Received[] = [];
  const planned: Misbehaviour[] = [];
  let release: () => void = () => undefined;
  let released = Promise.resolve();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url: path = '', headers } = request;
    const one = { method, path, headers, body: (await buffer(request)).toString() };
    received.push(one);
    const plan = planned.shift();
    if (plan === 'closes') return void request.socket.destroy();
    if (plan === 'hangs') await released;
    const { status, headers: own, body = '' } = plan === undefined || plan === 'hangs' ? await answer(one) : plan;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { ...(typeof body !== 'string' && { 'content-type': 'application/json' }), ...own });
    response.end(text);
  };
  const server = createServer((request, response) => void handle(request, response));
  // On a busy machine, a client might otherwise reuse an idle connection that the server is closing.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    misbehave(...next) {
      planned.push(...next);
      if (next.includes('hangs'))
        released = new Promise((resolve) => {
          release = resolve;
        });
    },
    release: () => release(),
    stop: () =>
      new Promise((resolve) => {
        release();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
