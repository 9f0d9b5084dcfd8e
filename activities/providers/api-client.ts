import * as http from 'node:http';
import * as https from 'node:https';

/** A request to a provider's API. */
export interface ApiRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of a request: the answer, or why there is none. */
export type ApiResult =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: http.IncomingHttpHeaders;
      /** The first 64 KB of the body. */
      readonly text: string;
    }
  | {
      readonly kind: 'silence';
      /** Such as `ECONNREFUSED`; `ETIMEDOUT` after the timeout, `EABORT` for an aborted attempt. */
      readonly code: string;
      readonly detail: string;
      /** The request had begun to leave, so the provider may have acted on it. */
      readonly hasLeft: boolean;
    };

/** What a request waits for. */
export interface Asking {
  readonly signal: AbortSignal;
  /** Asked when the connection is open. When it rejects, nothing is sent. */
  readonly confirm: () => Promise<void>;
}

/** Real milliseconds for the whole exchange, unless a provider says otherwise. */
const TIMEOUT_MS = 30_000;
/** Answers are a few hundred characters. */
const TEXT_LIMIT = 65_536;

/**
 * Posts to one provider's API over kept-alive connections. It follows no redirect. The clients of Node and of the providers write the
 * body as soon as they connect; this one asks `confirm` first, and knows whether anything has left.
 */
export class ApiClient {
  readonly #http = new http.Agent({ keepAlive: true });
  readonly #https = new https.Agent({ keepAlive: true });
  readonly #timeoutMs: number;

  /** @param timeoutMs real milliseconds for the whole exchange */
  constructor(timeoutMs = TIMEOUT_MS) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Posts a request.
   * @throws what `confirm` rejects with, when it has no `code`
   */
  async post({ url, headers, body }: ApiRequest, { signal, confirm }: Asking): Promise<ApiResult> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const isSecure = url.startsWith('https:');
    let hasLeft = false;
    try {
      return await new Promise((resolve, reject) => {
        const request = (isSecure ? https : http).request(url, {
          method: 'POST',
          headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
          signal: AbortSignal.any([signal, timeout]),
          agent: isSecure ? this.#https : this.#http,
        });
        request.on('error', reject);
        request.on('response', (response) => void read(response).then(resolve, reject));
        const send = (): void =>
          void confirm().then(
            () => {
              hasLeft = true;
              request.end(body);
            },
            (refusal: unknown) => request.destroy(refusal as Error),
          );
        // A request writes nothing before its end, so it can wait here for its connection.
        request.on('socket', (socket) => {
          if (!socket.connecting) send();
          else socket.once(isSecure ? 'secureConnect' : 'connect', send);
        });
      });
    } catch (error) {
      if (timeout.aborted)
        return { kind: 'silence', code: 'ETIMEDOUT', detail: 'The provider did not answer in time.', hasLeft };
      const { code, message } = error as NodeJS.ErrnoException;
      if (signal.aborted) return { kind: 'silence', code: 'EABORT', detail: message, hasLeft };
      if (code === undefined) throw error;
      return { kind: 'silence', code, detail: message, hasLeft };
    }
  }

  /** Closes the connections. */
  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

async function read(response: http.IncomingMessage): Promise<ApiResult> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text = (text + String(chunk)).slice(0, TEXT_LIMIT);
  return { kind: 'answer', status: response.statusCode ?? 0, headers: response.headers, text };
}
