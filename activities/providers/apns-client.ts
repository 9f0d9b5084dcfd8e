import { connect, constants, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { text } from 'node:stream/consumers';

/** An answer of APNs. */
export interface ApnsResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request that surely was not processed: APNs refused its stream, or there was no connection. */
export class NotProcessedError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** How long a connection may take to open. Real milliseconds. */
const CONNECT_MS = 10_000;

/**
 * Posts over one HTTP/2 connection (RFC 9113), which stays open. When APNs announces that it closes it (GOAWAY), the requests under way
 * on it end, and the next one opens another. A connection on which an answer was overdue is given up.
 */
export class ApnsClient {
  #session: Promise<ClientHttp2Session> | null = null;

  constructor(
    private readonly url: string,
    private readonly timeoutMs: number,
  ) {}

  /**
   * Posts a request.
   * @param confirm asked when the connection is open; when it rejects nothing is sent, and when it resolves all of it is
   * @throws what `confirm` rejects with; `NotProcessedError`; a system error with its `code`; `ETIMEDOUT`
   */
  async post(
    path: string,
    { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
    signal: AbortSignal,
    confirm: () => Promise<void>,
  ): Promise<ApnsResponse> {
    await this.#open();
    await confirm();
    // The connection may have been closed while the question was asked.
    const session = await this.#open();
    return this.#exchange(session, { ':method': 'POST', ':path': path, ...headers }, body, signal);
  }

  /** Closes the connection, after the requests under way on it. */
  async close(): Promise<void> {
    const opening = this.#session;
    this.#session = null;
    const session = await opening?.catch(() => null);
    if (session && !isOver(session)) await new Promise<void>((resolve) => session.close(resolve));
  }

  async #open(): Promise<ClientHttp2Session> {
    const opening = (this.#session ??= this.#connect());
    const session = await opening.catch((error: unknown) => {
      this.#forget(opening);
      throw error;
    });
    if (!isOver(session)) return session;
    this.#forget(opening);
    return this.#open();
  }

  #forget(opening: Promise<ClientHttp2Session>): void {
    if (this.#session === opening) this.#session = null;
  }

  #connect(): Promise<ClientHttp2Session> {
    const opening = new Promise<ClientHttp2Session>((resolve, reject) => {
      const session = connect(this.url);
      const tooLate = setTimeout(
        () => session.destroy(new NotProcessedError('ETIMEDOUT', 'no connection in time')),
        CONNECT_MS,
      );
      const forget = (): void => this.#forget(opening);
      // Without a listener an error would end the process. Those of an open connection reach its requests.
      session.on('error', (error: NodeJS.ErrnoException) => {
        forget();
        reject(new NotProcessedError(error.code ?? 'ERR_HTTP2', error.message));
      });
      session.on('goaway', forget);
      session.on('close', () => {
        clearTimeout(tooLate);
        forget();
        reject(new NotProcessedError('ECONNRESET', 'the connection was closed'));
      });
      session.on('connect', () => {
        clearTimeout(tooLate);
        resolve(session);
      });
    });
    return opening;
  }

  async #exchange(
    session: ClientHttp2Session,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<ApnsResponse> {
    const timeout = AbortSignal.timeout(this.timeoutMs);
    try {
      const stream = session.request(headers, { signal: AbortSignal.any([signal, timeout]) });
      const answered = new Promise<IncomingHttpHeaders>((resolve, reject) => {
        const failed = (error: Error): void => {
          const isRefused = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
          reject(isRefused ? new NotProcessedError('REFUSED_STREAM', 'APNs refused the request') : error);
        };
        stream.on('response', resolve);
        stream.on('error', failed);
        // A stream that ends without an answer may give no error.
        stream.on('close', () => failed(Object.assign(new Error('the request was reset'), { code: 'ECONNRESET' })));
      });
      stream.end(body);
      const given = await answered;
      return { status: Number(given[':status']), headers: given, body: await text(stream) };
    } catch (error) {
      if (!timeout.aborted) throw error;
      session.destroy();
      throw Object.assign(new Error('APNs did not answer in time.'), { code: 'ETIMEDOUT' });
    }
  }
}

/** Whether a connection takes no more requests. What closes it says so before its event does. */
function isOver({ closed, destroyed }: ClientHttp2Session): boolean {
  return closed || destroyed;
}
