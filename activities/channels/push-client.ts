import { lookup } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { RequestDetails } from 'web-push';
import { isPublicAddress } from '../../config/push-endpoint';

/** The answer of a push service. */
export interface PushResponse {
  readonly status: number;
  readonly location: string | null;
  readonly retryAfter: string | null;
  /** The first 500 characters of the body. */
  readonly text: string;
}

/** Real milliseconds for the whole exchange. */
const TIMEOUT_MS = 10_000;
const TEXT_LIMIT = 500;

/**
 * Posts over kept-alive connections. It never follows a redirect, and never connects by https to an address that is not public.
 */
export class PushClient {
  readonly #http = new http.Agent({ keepAlive: true });
  readonly #https = new https.Agent({ keepAlive: true, lookup: publicLookup });

  /**
   * Posts a request that web-push has encrypted and signed.
   * @param confirm asked when the connection is open; when it rejects nothing is sent
   * @throws a system error with its `code` when there is no answer; `ETIMEDOUT` after 10 seconds; what `confirm` rejects with
   */
  async post(
    { endpoint, headers, body }: RequestDetails,
    signal: AbortSignal,
    confirm: () => Promise<void>,
  ): Promise<PushResponse> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const options = { method: 'POST', headers, signal: AbortSignal.any([signal, timeout]) };
    try {
      return await new Promise((resolve, reject) => {
        const request = endpoint.startsWith('https:')
          ? https.request(endpoint, { ...options, agent: this.#https })
          : http.request(endpoint, { ...options, agent: this.#http });
        request.on('error', reject);
        request.on('response', (response) => void read(response).then(resolve, reject));
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
        throw Object.assign(new Error('The push service did not answer in time.'), { code: 'ETIMEDOUT' });
      throw error;
    }
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

async function read(response: http.IncomingMessage): Promise<PushResponse> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text = (text + String(chunk)).slice(0, TEXT_LIMIT);
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
