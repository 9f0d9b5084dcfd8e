import { Agent, request } from 'node:http';
import type { Headers } from './provider';

/** Idle connections close after this time, real milliseconds. A Node server closes them after 5 seconds, possibly during a request. */
const IDLE_MS = 3_000;

/** Posts over persistent connections. @throws {Error} when the status of the response is not below 300 */
export function poster(): {
  post: (url: string, headers: Headers, body: string | Uint8Array) => Promise<void>;
  close(): void;
} {
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  const post = (url: string, headers: Headers, body: string | Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      const length = { 'Content-Length': Buffer.byteLength(body) };
      const call = request(url, { method: 'POST', agent, headers: { ...headers, ...length } }, (response) => {
        const { statusCode = 0 } = response;
        response.resume();
        response.on('end', () =>
          statusCode < 300 ? resolve() : reject(new Error(`Expected a status below 300, got ${statusCode}.`)),
        );
      });
      call.on('error', reject);
      call.end(body);
    });
  return { post, close: () => agent.destroy() };
}
