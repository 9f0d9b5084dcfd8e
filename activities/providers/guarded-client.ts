import { lookup } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from '../../config/push-endpoint';
import { exchange } from './exchange';

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
  readonly #agents: { readonly http: http.Agent; readonly https: https.Agent };
  readonly #limits: { readonly timeoutMs: number; readonly textLimit: number };

  constructor({ timeoutMs, privateToo = false, textLimit = 500 }: GuardedClientOptions) {
    this.#limits = { timeoutMs, textLimit };
    this.#agents = {
      http: new http.Agent({ keepAlive: true }),
      https: new https.Agent({ keepAlive: true, ...(!privateToo && { lookup: publicLookup }) }),
    };
  }

  /**
   * Posts a request.
   * @param confirm asked when the connection is open; when it rejects nothing is sent, and when it resolves all of it is
   * @throws {SilenceError} when there is no answer; what `confirm` rejects with
   */
  async post(
    { endpoint: url, headers, body }: PostRequest,
    signal: AbortSignal,
    confirm: () => Promise<void>,
  ): Promise<PostResponse> {
    const options = { agents: this.#agents, ...this.#limits, signal, confirm };
    const { status, text, headers: given } = await exchange({ url, headers, body }, options);
    const { 'retry-after': retryAfter = null, location = null } = given;
    return { status, location, retryAfter, text };
  }

  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }
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
