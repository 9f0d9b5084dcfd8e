import { Agent, request } from 'node:http';

/** Real milliseconds; below the five seconds after which Node's servers close an idle connection, perhaps just when it is used again. */
const IDLE_MS = 3_000;

/** Posts JSON over kept-alive connections, with as little work as possible: it shares the machine with what it measures. */
export class ApiClient {
  readonly #agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  readonly #options;

  constructor(port: number, writeKey: string) {
    this.#options = { method: 'POST', host: '127.0.0.1', port, agent: this.#agent, auth: `${writeKey}:` };
  }

  /** @throws {Error} when the answer is anything but a success */
  async post(path: string, body: unknown): Promise<void> {
    const content = Buffer.from(JSON.stringify(body));
    const headers = { 'Content-Type': 'application/json', 'Content-Length': content.length };
    await new Promise<void>((resolve, reject) => {
      const call = request({ ...this.#options, path, headers }, (response) => {
        const { statusCode = 0 } = response;
        let text = '';
        response.on('data', (chunk) => (text += statusCode === 200 ? '' : String(chunk)));
        response.on('end', () =>
          statusCode === 200 ? resolve() : reject(new Error(`${path}: ${statusCode} ${text}`)),
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
