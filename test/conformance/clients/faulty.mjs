// Our own core with one fault, for the test of the checks. Arguments: the module of the core, and the name of the fault.
import { drive } from './core.mjs';

const [fault] = process.argv.slice(3);

/** Changes the requests of a client. */
const requests = (change) => (options) => ({ fetch: (url, init) => change(url, init, options) });
const headersWithout = (name) =>
  requests((url, { headers: { [name]: _left, ...headers }, ...init }) => fetch(url, { ...init, headers }));
/** Sees another status than the server has sent, in answers to what the user did. */
const statusOfPosts = (change) =>
  requests(async (url, init) => {
    const response = await fetch(url, init);
    const status = init.method === 'POST' ? change(response.status) : response.status;
    return status === response.status ? response : new Response(null, { status });
  });
const events = (change) =>
  requests((url, init) => {
    if (!url.endsWith('/events')) return fetch(url, init);
    return fetch(url, { ...init, body: JSON.stringify({ events: JSON.parse(init.body).events.map(change) }) });
  });
/** Answers of the server, with another text. */
const texts = (change) =>
  requests(async (url, init) => {
    const response = await fetch(url, init);
    const { status, headers, body } = response;
    const { readable, writable } = new TransformStream({
      transform: (piece, controller) =>
        controller.enqueue(new TextEncoder().encode(change(new TextDecoder().decode(piece)))),
    });
    if (body) void body.pipeTo(writable).catch(() => undefined);
    return status === 200 ? new Response(readable, { status, headers }) : response;
  });
/** Timers that run for another time. */
function timers(change) {
  const { setTimeout: set } = globalThis;
  globalThis.setTimeout = (work, ms = 0, ...args) => set(work, change(ms), ...args);
  return {};
}
const kept = new Map();
const memory = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };

/** What each fault changes of the options of the client. */
const FAULTS = {
  'token in the address': requests((url, init) => fetch(`${url}?token=${init.headers.Authorization.slice(7)}`, init)),
  'no new token': () => ({ refresh: () => new Promise(() => undefined) }),
  'no If-None-Match': headersWithout('If-None-Match'),
  'no Last-Event-ID': headersWithout('Last-Event-ID'),
  'no back-off': () => timers((ms) => Math.min(ms, 100)),
  'deaf to silence': () => timers((ms) => (ms === 40_000 ? 1e9 : ms)),
  'impatient with silence': () => timers((ms) => (ms === 40_000 ? 20_000 : ms)),
  'deaf to Retry-After': requests(async (url, init) => {
    const { status, body } = await fetch(url, init);
    return new Response(status === 204 || status === 304 ? null : body, { status });
  }),
  'drops on 5xx': statusOfPosts((status) => (status >= 500 ? 204 : status)),
  'drops on 429': statusOfPosts((status) => (status === 429 ? 204 : status)),
  'repeats for ever': statusOfPosts((status) => (status >= 400 && status < 500 ? 503 : status)),
  'forgets at a restart': () => ({ storage: memory }),
  'one queue for all users': ({ storage }) => ({
    storage: {
      getItem: (key) => storage.getItem(key.replace(/:.*:/, ':')),
      setItem: (key, value) => storage.setItem(key.replace(/:.*:/, ':'), value),
    },
  }),
  'a session for each event': events((call) => ({
    ...call,
    context: { ...call.context, sessionId: String(Math.random()) },
  })),
  'one session for ever': events((call) => ({ ...call, context: { ...call.context, sessionId: 'one' } })),
  'exposures are active': events((call) => ({ ...call, context: { ...call.context, active: true } })),
  'another id each time': events((call) => ({ ...call, messageId: String(Math.random()) })),
  'shows what is unknown': texts((text) => text.replace('hologram', 'card')),
  'blind to time': texts((text) => text.replace(/"expiresAt":"[^"]*"/g, '"expiresAt":"2099-01-01T00:00:00.000Z"')),
};

await drive((options) => FAULTS[fault](options));
