import * as http from 'node:http';
import * as https from 'node:https';
import { Confirmation } from './confirmation';

/** What is posted. */
export interface Posting {
  readonly url: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string | Buffer | null;
}

/** How it is posted. */
export interface ExchangeOptions {
  /** Kept-alive connections. */
  readonly agents: { readonly http: http.Agent; readonly https: https.Agent };
  /** Real milliseconds for the whole exchange. */
  readonly timeoutMs: number;
  /** Characters of the answer's body that are kept. */
  readonly textLimit: number;
  readonly signal: AbortSignal;
  /** Asked when the connection is open. When it rejects nothing is sent, and when it resolves all of it is. */
  readonly confirm: () => Promise<void>;
}

/** The answer to a post. */
export interface Exchanged {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** The beginning of the body. */
  readonly text: string;
}

/** Thrown when a post got no answer. */
export class SilenceError extends Error {
  /**
   * @param code such as `ECONNREFUSED`; `ETIMEDOUT` after the timeout, `EABORT` for an aborted attempt
   * @param hasLeft the request had begun to leave, so the other side may have acted on it
   */
  constructor(
    readonly code: string,
    message: string,
    readonly hasLeft: boolean,
  ) {
    super(message);
  }
}

/**
 * Posts once, and follows no redirect. The clients of Node and of the providers write the body as soon as they connect; this one asks
 * `confirm` first, and knows whether anything has left.
 * @throws {SilenceError} when there is no answer; what `confirm` rejects with, unchanged; programming errors
 */
export async function exchange({ url, headers, body }: Posting, options: ExchangeOptions): Promise<Exchanged> {
  const { agents, timeoutMs, textLimit, signal, confirm } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const isSecure = url.startsWith('https:');
  const confirmation = new Confirmation({ confirm });
  try {
    return await new Promise((resolve, reject) => {
      const request = (isSecure ? https : http).request(url, {
        method: 'POST',
        headers: { ...headers, ...(body !== null && { 'Content-Length': Buffer.byteLength(body) }) },
        signal: AbortSignal.any([signal, timeout]),
        agent: isSecure ? agents.https : agents.http,
      });
      request.on('error', reject);
      request.on('response', (response) => void read(response, textLimit).then(resolve, reject));
      const send = (): void =>
        void confirmation.ask().then(
          () => request.end(body),
          (refusal: unknown) => request.destroy(refusal as Error),
        );
      // A request writes nothing before its end, so it can wait here for its connection.
      request.on('socket', (socket) => {
        if (!socket.connecting) send();
        else socket.once(isSecure ? 'secureConnect' : 'connect', send);
      });
    });
  } catch (error) {
    const hasLeft = confirmation.isConfirmed;
    const { code, detail } = confirmation.failureOf(error);
    if (timeout.aborted) throw new SilenceError('ETIMEDOUT', `${new URL(url).host} did not answer in time.`, hasLeft);
    throw new SilenceError(signal.aborted ? 'EABORT' : code, detail, hasLeft);
  }
}

async function read(response: http.IncomingMessage, limit: number): Promise<Exchanged> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text = (text + String(chunk)).slice(0, limit);
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}
