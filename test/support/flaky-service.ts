import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web service that fails as often as it is told, and then answers. */
export interface FlakyService {
  readonly url: string;
  /** The idempotency key of each request so far. */
  readonly keys: readonly string[];
  stop(): Promise<void>;
}

/** Starts a service that answers 503 to the first requests. */
export async function startFlakyService(failures: number): Promise<FlakyService> {
  const keys: string[] = [];
  const server = createServer((request, response) => {
    keys.push(String(request.headers['idempotency-key']));
    response.writeHead(keys.length > failures ? 200 : 503, { 'Content-Type': 'application/json', Connection: 'close' });
    response.end(JSON.stringify({ code: 'A' }));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys,
    stop: () => new Promise((stopped) => void server.close(() => stopped())),
  };
}
