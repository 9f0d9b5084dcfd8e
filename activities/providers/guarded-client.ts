import { lookup } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from '../../config/push-endpoint';

/** A request whose answer is short. */
export interface PostRequest {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string | Buffer | null;
}

/** The answer to a post. */
export interface PostResponse {
  readonly status: number;
  readonly location: string | null;
  readonly retryAfter: string | null;
  /** The beginning of the body, at most as long as the client keeps. */
  readonly text: string;
}

/** Options of a client. */
export interface GuardedClientOptions {
  /** Real milliseconds for the whole exchange. */
  readonly timeoutMs: number;
  /** Lets it connect by https to addresses that are not public, too. Default: false. */
  readonly privateToo?: boolean;
  /** Characters of an answer that are kept. Default: 500. */
  readonly textLimit?: number;
}

/**
 * Posts over kept-alive connections. It never follows a redirect, and never connects by https to an address that is not public,
 * unless it may.
 */
export class GuardedClient {
  readonly #http = new http.Agent({ keepAlive: true });
  readonly #https: https.Agent;
  readonly #timeoutMs: number;
  readonly #textLimit: number;

  constructor({ timeoutMs, privateToo = false, textLimit = 500 }: GuardedClientOptions) {
    this.#timeoutMs = timeoutMs;
    this.#textLimit = textLimit;
    this.#https = new https.Agent({ keepAlive: true, ...(!privateToo && { lookup: publicLookup }) });
  }

  /**
   * Posts a request.
   * @param confirm asked when the connection is open; when it rejects nothing is sent, and when it resolves all of it is
   * @throws a system error with its `code` when there is no answer; `ETIMEDOUT` when it takes too long; what `confirm` rejects with
   */
  async post(
    { endpoint, headers, body }: PostRequest,
    signal: AbortSignal,
    confirm: () => Promise<void>,
  ): Promise<PostResponse> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const options = { method: 'POST', headers, signal: AbortSignal.any([signal, timeout]) };
    try {
      return await new Promise((resolve, reject) => {
        const request = endpoint.startsWith('https:')
          ? https.request(endpoint, { ...options, agent: this.#https })
          : http.request(endpoint, { ...options, agent: this.#http });
        request.on('error', reject);
        request.on('response', (response) => void read(response, this.#textLimit).then(resolve, reject));
        const send = (): void =>
          void confirm().then(
            () => request.end(body),
            (refusal: unknown) => request.destroy(refusal as Error),
          );
        // A request writes nothing before its end, so it can wait here for its connection.
        request.on('socket', (socket) => {
          if (!socket.connecting) send();
          else socket.once(endpoint.startsWith('https:') ? 'secureConnect' : 'connect', send);
        });
      });
    } catch (error) {
      if (timeout.aborted)
        throw Object.assign(new Error(`${new URL(endpoint).host} did not answer in time.`), { code: 'ETIMEDOUT' });
      throw error;
    }
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

async function read(response: http.IncomingMessage, limit: number): Promise<PostResponse> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text = (text + String(chunk)).slice(0, limit);
  const { 'retry-after': retryAfter = null, location = null } = response.headers;
  return { status: response.statusCode ?? 0, location, retryAfter, text };
}

/** Resolves a name as the system does, but fails when any address is not public, because a name can point into our network. */
function publicLookup(...[hostname, options, callback]: Parameters<LookupFunction>): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    const [first] = addresses;
    if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
      return callback(
        Object.assign(new Error(`${hostname} resolves to an address that is not public.`), { code: 'ENOTPUBLIC' }),
        [],
      );
    }
    if (options.all) return callback(null, addresses);
    callback(null, first.address, first.family);
  });
}
