import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** The address of an API, through which requests and their answers pass as long as it is open. */
export interface ImportGate {
  readonly url: string;
  /**
   * Resolves when so many calls have reached the API that it closed. Requests that reached it since are stored, but nobody hears of it:
   * their answers are lost.
   */
  readonly closed: Promise<void>;
  /** Lets everything pass again. */
  open(): void;
  stop(): Promise<void>;
}

/**
 * Starts a gate that closes by itself, so that a test can kill an import at the same point of its work on every machine.
 * @param closeAfter so many `track` calls pass before it closes
 */
export async function importGate(api: string, closeAfter: number): Promise<ImportGate> {
  const events = new EventEmitter();
  const closed = once(events, 'closed').then(() => undefined);
  let isClosed = false;
  let passed = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request);
      const answer = await fetch(api + (request.url ?? '/'), {
        method: request.method ?? 'GET',
        headers: { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' },
        ...(request.method === 'POST' && { body }),
      });
      const content = await answer.text();
      if (answer.ok && passed < closeAfter) {
        passed += tracksIn(request, body);
        isClosed = passed >= closeAfter;
      }
      if (isClosed) events.emit('closed');
      else response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(content);
    })().catch((error: unknown) => response.destroy(error as Error));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    closed,
    open: () => void (isClosed = false),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The number of `track` calls in a request. */
function tracksIn({ method }: IncomingMessage, body: Buffer): number {
  if (method !== 'POST') return 0;
  const { batch = [] } = JSON.parse(body.toString()) as { batch?: readonly { readonly type?: string }[] };
  return batch.filter(({ type }) => type === 'track').length;
}
