import { createServer } from 'node:http';
import { ConfigError } from './env';
import { registry } from './metrics';
import type { Running } from './run-alone';

/**
 * Serves `GET /metrics` of this process on a port of its own, which need not be reachable from outside.
 * @param measure sets what is only known at the time of a request
 * @throws {ConfigError} when the port is not available
 */
export async function serveMetrics(
  port: number,
  measure: () => Promise<void> = async () => undefined,
): Promise<Running> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    void measure()
      .then(() => registry.metrics())
      .then(
        (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
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
