import { retryAfter, type Http } from './http';
import { createPatience } from './patience';
import { createReader } from './server-sent-events';
import type { State } from './wire';

/** A comment comes every 15 seconds. A stream that is silent for this long is dead. */
const SILENCE_MS = 40_000;
/** The first state comes at once, unless something on the way holds the stream back. */
const FIRST_MS = 15_000;
const POLL_MS = 30_000;
/** Polls that come closer than this cost the server more than they tell. */
const POLL_AFTER_REACTION_MS = 5_000;
/** So many polls are made before a stream is tried again. */
const POLLS = 10;
/** After so many failures a poll says whether the server is gone or only its stream. */
const DOUBT = 3;

/** Where the state goes that a connection brings. */
export interface Sink {
  /** Names the state that is there: its ETag without quotes. Undefined before the first. */
  readonly tag: () => string | undefined;
  /** Takes the members that have changed. */
  readonly patch: (part: Partial<State>, tag: string | undefined) => void;
}

export interface Connection {
  /** The network may be back: tries again without waiting. */
  retry(): void;
  /** Reactions have reached the server: a client that polls asks sooner. */
  reacted(): void;
  stop(): void;
}

/** Keeps the state up to date by the stream, or by polling where streams don't get through. */
export function connect(http: Http, { tag, patch }: Sink): Connection {
  const patience = createPatience();
  let stopped = false;
  let stream: AbortController | undefined;
  /** Polls to make before the next stream. */
  let polls = 0;
  /** Whether a poll has succeeded since the last stream did. */
  let polled = false;

  const stop = (): void => {
    stopped = true;
    stream?.abort();
    patience.wake();
  };

  // A function, because it may change during every await.
  const isStopped = (): boolean => stopped;

  /** Returns the milliseconds to wait before the next attempt. */
  function refused(response: Response): number {
    // Without a new token every further request would be refused, too.
    if (response.status === 401 && !http.renewable) stop();
    return retryAfter(response) ?? patience.next();
  }

  async function poll(): Promise<number> {
    polls--;
    polled = false;
    const known = tag();
    const response = await http.request('/v1/in-app', {
      headers: known ? { 'If-None-Match': `"${known}"` } : {},
    });
    if (response.ok) patch((await response.json()) as State, response.headers.get('ETag')?.replace(/"/g, ''));
    else if (response.status !== 304) return refused(response);
    patience.reset();
    polled = true;
    return polls > 0 ? POLL_MS : 0;
  }

  async function listen(): Promise<number> {
    const abort = (stream = new AbortController());
    let ended = '';
    /** Whether anything has come but the end. */
    let heard = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listenFor = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), ms);
    };
    const read = createReader(({ event, data, id }) => {
      if (event === 'state') patch(JSON.parse(data) as Partial<State>, id);
      else if (event === 'end') ended = (JSON.parse(data) as { reason: string }).reason;
    });
    const known = tag();
    listenFor(known ? SILENCE_MS : FIRST_MS);
    try {
      const headers = { Accept: 'text/event-stream', ...(known && { 'Last-Event-ID': known }) };
      const response = await http.request('/v1/stream', { headers, signal: abort.signal });
      if (!response.ok) return refused(response);
      // React Native's fetch has no readable bodies.
      const body = (response.body as ReadableStream<Uint8Array> | null | undefined)?.getReader();
      if (!body) {
        polls = Infinity;
        return 0;
      }
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await body.read();
        if (done) break;
        listenFor(SILENCE_MS);
        read(decoder.decode(value, { stream: true }));
        if (ended) continue;
        heard = true;
        patience.reset();
        polled = false;
      }
    } catch (error) {
      // A stream of which nothing has arrived is held back on the way, by a proxy for example.
      if (abort.signal.aborted && !tag()) polls = POLLS;
      throw error;
    } finally {
      clearTimeout(timer);
      abort.abort();
    }
    // The stream of a user who was erased ends at once, whatever token the app gives.
    return heard && ended === 'token' && (await http.renew()) ? 0 : patience.next();
  }

  async function run(): Promise<void> {
    while (!isStopped()) {
      const streamed = polls === 0;
      let wait = await (streamed ? listen() : poll()).catch(() => patience.next());
      if (streamed && patience.failures > 0 && polls === 0) {
        if (polled) {
          polls = POLLS;
          wait = Math.max(wait, POLL_MS);
        } else if (patience.failures >= DOUBT) polls = 1;
      }
      if (!isStopped() && wait > 0) await patience.pause(wait);
    }
  }

  void run();
  return {
    stop,
    retry: () => patience.wake(),
    reacted: () => {
      if (polled) patience.wake(POLL_AFTER_REACTION_MS);
    },
  };
}
