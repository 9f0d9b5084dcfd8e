import { randomUUID } from 'node:crypto';
import { createServer, STATUS_CODES, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { Problem, problemBody } from './problem';

/** How long the server goes on reading a refused request, in real milliseconds. Closing sooner could lose the response. */
const LINGER_MS = 2_000;

/** The responses to requests that Node's HTTP parser rejects, by error code. */
const REFUSALS: ReadonlyMap<string | undefined, Problem> = new Map([
  ['HPE_HEADER_OVERFLOW', new Problem(431, { detail: 'The path and headers together are too long.' })],
  ['HPE_INVALID_EOF_STATE', new Problem(400, { detail: 'The request ended before its body was complete.' })],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', new Problem(413, { detail: 'The chunk extensions are too long.' })],
  ['ERR_HTTP_REQUEST_TIMEOUT', new Problem(408, { detail: 'The request did not arrive in time.' })],
]);
const NOT_HTTP = new Problem(400, { detail: 'The request is not valid HTTP/1.1.' });

/** Creates a server that also responds with a problem document to requests it cannot parse, which never reach a route. */
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
    // Browsers open connections ahead of time, and may never use them.
    log[problem.status === 408 ? 'debug' : 'info'](
      { requestId, status: problem.status },
      'request rejected before routing',
    );
    socket.end(response(problem, requestId));
    // Closing the connection while the client is still sending would reset it, and lose the response.
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
