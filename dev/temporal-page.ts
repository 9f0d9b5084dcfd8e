import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { NAMESPACE } from './temporal';

/** The columns of the list of workflows. All are of one type, and nobody needs the id of a run, so these two are left out. */
const COLUMNS = ['Status', 'Workflow ID', 'Stage', 'Journeys', 'Start', 'End'];

/** Where version 2 of the Temporal UI keeps the columns that a person chose, by namespace. */
const STORED = 'namespace-workflow-table-columns';

/**
 * Sets the columns in the browser, unless a person has chosen some, and opens the list. Another version of the UI that keeps them
 * elsewhere shows its own.
 */
const FIRST_PAGE = `<!doctype html>
<html lang="en">
<title>Temporal</title>
<script>
try {
  const chosen = JSON.parse(localStorage.getItem('${STORED}') ?? '{}');
  chosen['${NAMESPACE}'] ??= ${JSON.stringify(COLUMNS.map((label) => ({ label })))};
  localStorage.setItem('${STORED}', JSON.stringify(chosen));
} finally {
  location.replace('/namespaces/${NAMESPACE}/workflows');
}
</script>
<a href="/namespaces/${NAMESPACE}/workflows">Workflows</a>
</html>
`;

/**
 * The names of this machine. A page elsewhere could give its own name the address 127.0.0.1, and would then read the UI as its own
 * (DNS rebinding); the browser still sends that name.
 */
const HOSTS = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** The Temporal UI under an address of ours. */
export interface TemporalPage {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Serves the Temporal UI, with a first page of ours: an address cannot say which columns the list has, only the storage of the
 * browser for the UI's own address can.
 * @param port where to serve it, on 127.0.0.1
 * @param uiPort where the UI is
 * @throws {Error} when the port is taken
 */
export async function startTemporalPage(port: number, uiPort: number): Promise<TemporalPage> {
  const server = createServer((request, response) => {
    if (!HOSTS.test(request.headers.host ?? '')) response.writeHead(403).end('This host is not served here.\n');
    else if (request.method === 'GET' && request.url === '/')
      response
        .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' })
        .end(FIRST_PAGE);
    else void passOn(request, response, uiPort);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function passOn(request: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
  const { method, url, headers } = request;
  try {
    const onward = send({ host: '127.0.0.1', port, method, path: url, headers });
    const [[answer]] = await Promise.all([
      once(onward, 'response') as Promise<[IncomingMessage]>,
      pipeline(request, onward),
    ]);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    await pipeline(answer, response);
  } catch {
    // The browser has left, or the UI has stopped.
    if (!response.headersSent) response.writeHead(502);
    response.end();
  }
}
