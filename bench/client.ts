import { Agent, request } from 'node:http';

/** Idle connections close after this time, real milliseconds. A Node server closes them after 5 seconds, possibly during a request. */
const IDLE_MS = 3_000;

/** Posts JSON over persistent connections. It does little work, because it runs on the same machine as the measured processes. */
export class ApiClient {
  readonly #agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  readonly #options;

  constructor(port: number, writeKey: string) {
    this.#options = { method: 'POST', host: '127.0.0.1', port, agent: this.#agent, auth: `${writeKey}:` };
  }

  /**
   * Posts a JSON body to a path of the API.
   * @throws {Error} when the status of the response is not 200
   */
  async post(path: string, body: unknown): Promise<void> {
    const content = Buffer.from(JSON.stringify(body));
    const headers = { 'Content-Type': 'application/json', 'Content-Length': content.length };
    await new Promise<void>((resolve, reject) => {
      const call = request({ ...this.#options, path, headers }, (response) => {
        const { statusCode = 0 } = response;
        let text = '';
        response.on('data', (chunk) => (text += statusCode === 200 ? '' : String(chunk)));
        response.on('end', () =>
          statusCode === 200
            ? resolve()
            : reject(new Error(`POST ${path}: expected status 200, got ${statusCode} ${text}`)),
        );
      });
      call.on('error', reject);
      call.end(content);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
