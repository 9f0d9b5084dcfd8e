import * as http from 'node:http';
import * as https from 'node:https';

/** The answer of a provider's API. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** At most the first 64 KiB characters of the body. */
  readonly text: string;
}

/** A request to a provider's API. */
export interface ApiRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** Asked when the connection is open. When it rejects, nothing is sent. */
  readonly confirm: () => Promise<void>;
}

/** There is no answer to a request. Its `code` is the system's, or `ETIMEDOUT`. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';

  /** @param mayBeTaken the request was handed to the connection, so the provider may have carried it out */
  constructor(
    readonly code: string,
    message: string,
    readonly mayBeTaken: boolean,
  ) {
    super(message);
  }
}

/** Real milliseconds for the whole exchange. */
const TIMEOUT_MS = 30_000;
const TEXT_LIMIT = 65_536;

/**
 * Posts to a provider's API over kept-alive connections. It never follows a redirect. `fetch` would do, but for one thing: it can't
 * ask whether a message may still be sent after it has got its connection, which can take seconds.
 */
export class ApiClient {
  readonly #http = new http.Agent({ keepAlive: true });
  readonly #https = new https.Agent({ keepAlive: true });

  /**
   * Makes one request.
   * @throws {NoAnswerError} when there is no answer, and what `confirm` rejects with
   */
  async post(url: string, { headers, body, signal, confirm }: ApiRequest): Promise<ApiAnswer> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const secure = url.startsWith('https:');
    const options = { method: 'POST', headers, signal: AbortSignal.any([signal, timeout]) };
    const asked: { handed: boolean; refusal?: { readonly error: unknown } } = { handed: false };
    try {
      return await new Promise((resolve, reject) => {
        const request = secure
          ? https.request(url, { ...options, agent: this.#https })
          : http.request(url, { ...options, agent: this.#http });
        request.on('error', reject);
        request.on('response', (response) => void read(response).then(resolve, reject));
        const send = (): void =>
          void confirm().then(
            () => {
              asked.handed = true;
              request.end(body);
            },
            (error: unknown) => {
              asked.refusal = { error };
              request.destroy();
            },
          );
        // A request writes nothing before its end, so it can wait here for its connection.
        request.on('socket', (socket) => {
          if (!socket.connecting) send();
          else socket.once(secure ? 'secureConnect' : 'connect', send);
        });
      });
    } catch (error) {
      const { handed, refusal } = asked;
      if (refusal) throw refusal.error;
      if (timeout.aborted) throw new NoAnswerError('ETIMEDOUT', 'The provider did not answer in time.', handed);
      if (signal.aborted) throw new NoAnswerError('ABORTED', 'The attempt was given up.', handed);
      const { code, message, syscall } = error as NodeJS.ErrnoException;
      // A mistake of ours, such as a header that can't be written, has a code, too.
      if (code === undefined || (!handed && syscall === undefined)) throw error;
      throw new NoAnswerError(code, message, handed);
    }
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

async function read(response: http.IncomingMessage): Promise<ApiAnswer> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text = (text + String(chunk)).slice(0, TEXT_LIMIT);
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}
