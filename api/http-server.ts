import { randomUUID } from 'node:crypto';
import { createServer, STATUS_CODES, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { Problem, problemBody } from './problem';

/** How long a client is listened to that is still sending what was refused: if we hung up sooner, it might lose the answer. */
const LINGER_MS = 2_000;

/** What the parser of Node refuses, by its name for it. */
const REFUSALS: ReadonlyMap<string | undefined, Problem> = new Map([
  ['HPE_HEADER_OVERFLOW', new Problem(431, { detail: 'The path and the headers are too long, together.' })],
  ['HPE_INVALID_EOF_STATE', new Problem(400, { detail: 'The request ended before its body did.' })],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', new Problem(413, { detail: 'The extensions of a chunk are too long.' })],
  ['ERR_HTTP_REQUEST_TIMEOUT', new Problem(408, { detail: 'The request did not arrive in time.' })],
]);
const NOT_HTTP = new Problem(400, { detail: 'This can not be read as a request in HTTP/1.1.' });

/** A server that answers a request that can't even be parsed, and never gets to a route, with a problem document too. */
export function createHttpServer(listener: RequestListener, log: Logger): Server {
  const underWay = new WeakMap<Duplex, Set<ServerResponse>>();
  const server = createServer(listener);
  server.on('request', ({ socket }, response) => {
    const answers = underWay.get(socket) ?? new Set();
    underWay.set(socket, answers.add(response));
    response.once('close', () => answers.delete(response));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (socket.writableEnded) return;
    const halfSent = [...(underWay.get(socket) ?? [])].some(
      ({ headersSent, writableFinished }) => headersSent && !writableFinished,
    );
    if (!socket.writable || halfSent) return void socket.destroy();
    const problem = REFUSALS.get(error.code) ?? NOT_HTTP;
    const requestId = randomUUID();
    // A browser may open a connection ahead of any request, and leave it at that.
    log[problem.status === 408 ? 'debug' : 'info']({ requestId, status: problem.status }, 'a request was not read');
    socket.end(response(problem, requestId));
    // Hanging up on a client that is still sending resets the connection, and takes the answer along.
    socket.resume();
    const overdue = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(overdue));
  });
  return server;
}

function response(problem: Problem, requestId: string): string {
  const body = JSON.stringify(problemBody(problem, requestId));
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
