import { setTimeout as pause } from 'node:timers/promises';

/** Without an answer for this long, the import gives up. Real milliseconds. */
const PATIENCE_MS = 600_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** Time limit of a request. Real milliseconds. */
const ANSWER_MS = 60_000;

/** The routes that take calls: as they come, and as history. A server of an earlier release does not have the latter. */
export const IMPORT = '/v1/import';
export const IMPORT_HISTORY = '/v1/import/history';

/** An answer that no repetition changes. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Where to send. */
export interface Api {
  readonly url: string;
  /** The write key or the admin key. */
  readonly key: string;
  /** Called with what a person should know, such as that the API does not answer yet. */
  readonly say: (text: string) => void;
}

/**
 * Posts JSON. Repeats the request while the API is busy, down or out of reach, so that it sets the pace.
 * @throws {Error} when the API refuses the key, or gives no other answer for ten minutes
 */
export function post(api: Api, path: string, body: unknown): Promise<Answer> {
  return ask(api, path, { method: 'POST', body: JSON.stringify(body) });
}

/**
 * Reads JSON, as {@link post} sends it.
 * @throws {Error} as `post` does
 */
export function get(api: Api, path: string): Promise<Answer> {
  return ask(api, path, { method: 'GET' });
}

async function ask({ url, key, say }: Api, path: string, init: RequestInit): Promise<Answer> {
  // The routes of events take either key by this scheme, all others only the admin key.
  const isForEvents = path === IMPORT || path === IMPORT_HISTORY;
  const authorization = isForEvents ? `Basic ${btoa(`${key}:`)}` : `Bearer ${key}`;
  const request = { ...init, headers: { Authorization: authorization, 'Content-Type': 'application/json' } };
  const end = Date.now() + PATIENCE_MS;
  for (let wait = FIRST_PAUSE_MS, last = ''; ; wait = Math.min(2 * wait, LONGEST_PAUSE_MS)) {
    if (Date.now() > end)
      throw new Error(`The API at ${url} does not answer: ${last}. Run the same command again to go on.`);
    try {
      const response = await fetch(url + path, { ...request, signal: AbortSignal.timeout(ANSWER_MS) });
      const { status } = response;
      if (status === 401 || status === 403) throw new RefusedError(`The API at ${url} refuses the key (${status}).`);
      if (status < 500 && status !== 429) return { status, body: await readBody(response) };
      last = `status ${status}`;
      await response.body?.cancel();
      await pause(Math.max(Number(response.headers.get('Retry-After') ?? 0) * 1_000, status === 429 ? 0 : wait));
    } catch (error) {
      if (error instanceof RefusedError) throw error;
      const before = last;
      last = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      if (last !== before) say(`The API at ${url} does not answer: ${last}. Trying again for ten minutes.`);
      await pause(wait);
    }
  }
}

async function readBody(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

class RefusedError extends Error {}
