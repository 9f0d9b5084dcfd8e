import { createServer } from 'node:http';
import { registry } from './metrics';
import type { Running } from './run-alone';

/** Serves `GET /metrics` for a worker that runs without an API. Rejects when the port is not available. */
export async function serveMetrics(port: number): Promise<Running> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    void registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, resolve));
  return { stop: () => new Promise((resolve) => void server.close(() => resolve())) };
}
