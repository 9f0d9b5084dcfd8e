import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { bearerToken } from './bearer';
import { ConfigError } from './env';
import { keyComparison } from './key-comparison';
import { registry } from './metrics';
import type { Running } from './run-alone';
import type { WorkerHealth } from './worker-health';

/** What is served beside the metrics, and to whom. */
export interface MetricsSetup {
  /** The key that `GET /metrics` asks for, in `Authorization: Bearer`. Null asks for none. */
  readonly key: string | null;
  /** Sets what is only known at the time of a request. Default: nothing. */
  readonly measure?: () => Promise<void>;
  /** Of a worker: serves `/healthz` and `/readyz`, which need no key. Default: neither; an API has them on its own port. */
  readonly health?: Pick<WorkerHealth, 'readiness'>;
}

type Answer = (response: ServerResponse) => Promise<unknown>;

/**
 * Serves `GET /metrics` of this process on a port of its own, which need not be reachable from outside.
 * @throws {ConfigError} when the port is not available
 */
export async function serveMetrics(port: number, setup: MetricsSetup): Promise<Running> {
  const answerTo = answers(setup);
  const server = createServer((request, response) => {
    answerTo(request)(response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new ConfigError([`METRICS_PORT, which is ${port}, can't be listened on (${error.code ?? error.message})`]),
      );
    });
    server.listen(port, resolve);
  });
  return {
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Finds the answer to a request. */
function answers({ key, measure, health }: MetricsSetup): (request: IncomingMessage) => Answer {
  const isKey = key === null ? () => true : keyComparison(key);
  const metrics: Answer = async (response) => {
    await measure?.();
    const text = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType }).end(text);
  };
  const alive: Answer = async (response) => sendJson(response, 200, { status: 'ok' });
  const ready: Answer = async (response) => {
    const readiness = await health?.readiness();
    sendJson(response, readiness?.ready ? 200 : 503, readiness);
  };
  return ({ url, headers }) => {
    const [path] = (url ?? '').split('?', 1);
    if (path === '/metrics') return isKey(bearerToken(headers.authorization)) ? metrics : unauthorized;
    if (health && path === '/healthz') return alive;
    return health && path === '/readyz' ? ready : notFound;
  };
}

const unauthorized: Answer = async (response) =>
  response.writeHead(401, { 'www-authenticate': 'Bearer realm="sojourn"' }).end();

const notFound: Answer = async (response) => response.writeHead(404).end();

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
