import { connect, type Socket } from 'node:net';
import { Agent, request } from 'node:http';

/** A user whose pages are opened. */
export interface PageUser {
  readonly id: string;
  readonly token: string;
}

/** Called with what a page has received: a piece of text. */
type OnText = (text: string) => void;

/** The end of a piece that is looked at again with the next one, because a mark may be cut in two. */
const OVERLAP = 32;

/** Opens a stream over a bare socket, which costs the load generator little. Resolves with the first event. */
export function openStream(port: number, { token }: PageUser, onText: OnText): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let rest = '';
    let isOpen = false;
    socket.setEncoding('utf8');
    socket.write(`GET /v1/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    socket.on('data', (piece: string) => {
      const text = rest + piece;
      rest = text.slice(-OVERLAP);
      if (!isOpen && text.includes('event: state')) {
        isOpen = true;
        resolve(socket);
      }
      onText(text);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`A stream was closed: ${rest}`)));
  });
}

/** Polls `GET /v1/in-app` with an ETag, each user at an instant of their own in every interval. Returns what ends it. */
export function poll(port: number, users: readonly PageUser[], everyMs: number, onText: OnText): () => void {
  const agent = new Agent({ keepAlive: true });
  const timers = users.map(({ token }, n) => {
    let etag = '';
    const ask = (): void => {
      const headers = { Authorization: `Bearer ${token}`, 'If-None-Match': etag };
      const call = request({ host: '127.0.0.1', port, path: '/v1/in-app', agent, headers }, (response) => {
        etag = response.headers.etag ?? etag;
        response.setEncoding('utf8');
        let body = '';
        response.on('data', (piece: string) => (body += piece));
        response.on('end', () => onText(body));
      });
      // A server may close an idle connection just then. The next poll makes good for it.
      call.on('error', () => undefined);
      call.end();
    };
    let timer: NodeJS.Timeout = setTimeout(
      () => {
        ask();
        timer = setInterval(ask, everyMs);
      },
      (n / users.length) * everyMs,
    );
    return () => clearInterval(timer);
  });
  return () => {
    for (const stop of timers) stop();
    agent.destroy();
  };
}
