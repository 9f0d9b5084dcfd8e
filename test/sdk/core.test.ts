import { signUserToken } from '../../config/tokens';
import { flags } from '../../engine/flags/define';
import { start, type Client, type ClientOptions, type Fetch, type KeyValueStorage } from '../../sdk/browser/src/core';
import { SECRET, startApi, testDefinitions, type TestApi } from '../api/server';
import type { InAppUser } from '../api/in-app-users';
import { until } from '../support/until';
import { deliver, newUser, reactionsTo } from './in-app';

let api: TestApi;
/** An experiment with one variant, and a flag that is none. */
const FLAGS = flags({
  banner: { default: '', rules: [{ variants: { only: { weight: 1, value: 'Hello' } } }] },
  plain: { default: true },
  // Every object inherits something of this name.
  constructor: { default: true },
});
beforeAll(async () => {
  api = await startApi({ code: { ...(await testDefinitions()), flags: FLAGS } });
});
afterAll(() => api.stop());

const clients: Client[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.stop();
});

/** Starts a client, which is stopped when the test ends. */
function open({ token }: InAppUser, options: Partial<ClientOptions> = {}): Client {
  const client = start({ url: api.url, token, ...options });
  clients.push(client);
  return client;
}

const stateOf = (client: Client): Promise<unknown> => until('the state is there', () => client.state);
const titles = (client: Client): unknown[] => client.messages.map(({ content }) => content.title);

/** Storage like AsyncStorage of React Native. */
function deviceStorage(): KeyValueStorage & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: async (key) => kept.get(key) ?? null,
    setItem: async (key, value) => void kept.set(key, value),
  };
}

/** A network that can be cut, and that notes what passes. */
function network(): { fetch: Fetch; on: boolean; readonly passed: string[] } {
  const line: ReturnType<typeof network> = {
    on: true,
    passed: [],
    fetch: async (url, init) => {
      if (!line.on) throw new TypeError('fetch failed');
      line.passed.push(`${init.method ?? 'GET'} ${new URL(url).pathname}`);
      return fetch(url, init);
    },
  };
  return line;
}

test('brings the state, and tells of each message once', async () => {
  const ada = await newUser(api);
  await deliver(api, ada, { kind: 'modal', title: 'first' });
  await ada.setPoints(30);
  const client = open(ada);
  const told: unknown[] = [];
  client.on('message', ({ content }) => void told.push(content.title));
  await stateOf(client);
  expect(client.state?.profile.points).toBe(30);
  await deliver(api, ada, { kind: 'modal', title: 'second' });
  await until('the second is there', () => client.messages.length === 2);
  expect(titles(client)).toEqual(['second', 'first']);
  expect(told).toEqual(['first', 'second']);
});

test('tells listeners of what has changed, until they are removed', async () => {
  const ada = await newUser(api);
  const client = open(ada);
  await stateOf(client);
  const points: number[] = [];
  const off = client.on('profile', (profile) => void points.push(profile.points));
  await ada.setPoints(1);
  await until('one point', () => points.length === 1);
  off();
  await ada.setPoints(2);
  await until('two points', () => client.state?.profile.points === 2);
  expect(points).toEqual([1]);
});

test('a message that the user dismisses is gone at once, and does not come back while the server has yet to hear of it', async () => {
  const ada = await newUser(api);
  const id = await deliver(api, ada, { kind: 'modal', title: 'first' });
  const line = network();
  const client = open(ada, {
    fetch: (url, init) =>
      init.method === 'POST' && !line.on ? Promise.reject(new TypeError('cut')) : fetch(url, init),
  });
  await stateOf(client);
  line.on = false;
  client.react(id, 'dismissed');
  expect(titles(client)).toEqual([]);
  const seen: unknown[] = [];
  client.subscribe(() => void seen.push(titles(client)));
  await deliver(api, ada, { kind: 'modal', title: 'second' });
  await until('the second is there', () => client.messages.length === 1);
  line.on = true;
  client.retry();
  await until('the server knows', async () => (await reactionsTo(api, id)).includes('dismissed'));
  await ada.setPoints(7);
  await until('a later state is there', () => client.state?.profile.points === 7);
  expect(seen.flat()).not.toContain('first');
});

test('shows at once that a message was seen and answered', async () => {
  const ada = await newUser(api);
  const id = await deliver(api, ada, { kind: 'modal', title: 'first', choices: [{ value: 'yes', label: 'Yes' }] });
  const client = open(ada);
  await stateOf(client);
  client.react(id, 'seen');
  client.answer(id, 'yes');
  expect(client.messages[0]).toMatchObject({
    answer: 'yes',
    seenAt: expect.any(String),
    answeredAt: expect.any(String),
  });
  await until('the server knows', async () => (await reactionsTo(api, id)).includes('answer'));
});

test('what the server refuses for good is dropped, and the message is again as the server has it', async () => {
  const ada = await newUser(api);
  const id = await deliver(api, ada, { kind: 'modal', title: 'first', choices: [{ value: 'yes', label: 'Yes' }] });
  const storage = deviceStorage();
  const client = open(ada, { storage });
  await stateOf(client);
  client.answer(id, 'no such choice');
  expect(client.messages[0]?.answer).toBe('no such choice');
  await until('it is refused', () => client.messages[0]?.answer === null);
  client.react(id, 'clicked');
  await until('what follows is sent', async () => (await reactionsTo(api, id)).includes('clicked'));
});

test('sends reactions in order once the network is back, also after a restart', async () => {
  const ada = await newUser(api);
  const id = await deliver(api, ada, { kind: 'modal', title: 'first' });
  const storage = deviceStorage();
  const line = network();
  const first = open(ada, { storage, fetch: line.fetch });
  await stateOf(first);
  line.on = false;
  first.react(id, 'seen');
  first.react(id, 'clicked');
  first.react(id, 'dismissed');
  first.stop();
  line.passed.length = 0;

  const second = open(ada, { storage, fetch: line.fetch });
  line.on = true;
  second.retry();
  await until('the server knows', async () => (await reactionsTo(api, id)).includes('dismissed'));
  expect(line.passed.filter((request) => request.startsWith('POST'))).toEqual(
    ['seen', 'clicked', 'dismissed'].map((reaction) => `POST /v1/inbox/${id}/${reaction}`),
  );
  await until('nothing is kept', () => storage.kept.get(`sojourn:${ada.id}:queue`) === '[]');
});

test('what other code has written into the storage costs nothing of what was left there', async () => {
  const ada = await newUser(api);
  const id = await deliver(api, ada, { kind: 'modal', title: 'first' });
  const storage = deviceStorage();
  const left = [null, 7, 'seen', {}, { to: 'answer', message: id, body: null }, { to: 'seen', message: id }];
  storage.kept.set(`sojourn:${ada.id}:queue`, JSON.stringify(left));
  const client = open(ada, { storage });
  await stateOf(client);
  client.react(id, 'clicked');
  await until('all is sent', async () => (await reactionsTo(api, id)).includes('clicked'));
  expect(await reactionsTo(api, id)).toEqual(['seen', 'clicked']);
  await until('nothing is kept', () => storage.kept.get(`sojourn:${ada.id}:queue`) === '[]');
});

test('never sends what one user did in the name of another', async () => {
  const [ada, eve] = [await newUser(api), await newUser(api)];
  const id = await deliver(api, ada, { kind: 'modal', title: 'first' });
  const storage = deviceStorage();
  const line = network();
  line.on = false;
  const first = open(ada, { storage, fetch: line.fetch });
  first.react(id, 'dismissed');
  first.stop();
  line.on = true;
  const second = open(eve, { storage, fetch: line.fetch });
  await stateOf(second);
  expect(line.passed.filter((request) => request.startsWith('POST'))).toEqual([]);
  const again = open(ada, { storage, fetch: line.fetch });
  await stateOf(again);
  await until('the server knows', async () => (await reactionsTo(api, id)).includes('dismissed'));
});

test('keeps 1,000 reactions at most, and lets the oldest go', async () => {
  const ada = await newUser(api);
  const storage = deviceStorage();
  const line = network();
  line.on = false;
  const client = open(ada, { storage, fetch: line.fetch });
  for (let i = 0; i < 1_001; i++) client.react(`message-${i}`, 'seen');
  await until('they are kept', () => {
    const kept = JSON.parse(storage.kept.get(`sojourn:${ada.id}:queue`) ?? '[]') as { message: string }[];
    return kept.length === 1_000 && kept[0]?.message === 'message-1';
  });
});

test('gets a new token when the present one has run out, for all that waits at once', async () => {
  const ada = await newUser(api);
  const id = await deliver(api, ada, { kind: 'modal', title: 'first' });
  let asked = 0;
  const client = start({
    url: api.url,
    token: await signUserToken(SECRET, ada.id, 1, 0),
    refresh: async () => {
      asked++;
      return ada.token;
    },
  });
  clients.push(client);
  client.react(id, 'seen');
  await stateOf(client);
  await until('the server knows', async () => (await reactionsTo(api, id)).includes('seen'));
  expect(asked).toBe(1);
});

test('goes on with a new token when the stream ends because the old one has run out', async () => {
  const ada = await newUser(api, 1_500);
  const fresh = await signUserToken(SECRET, ada.id, 3_600_000);
  let asked = 0;
  const client = open(ada, { refresh: async () => (asked++, fresh) });
  await stateOf(client);
  await until('a new token was asked for', () => asked === 1);
  await ada.setPoints(5);
  await until('the change is there', () => client.state?.profile.points === 5);
});

test('takes no token of another user', async () => {
  const [ada, eve] = [await newUser(api), await newUser(api)];
  await deliver(api, eve, { kind: 'modal', title: "eve's" });
  let asked = 0;
  const client = start({
    url: api.url,
    token: await signUserToken(SECRET, ada.id, 1, 0),
    refresh: async () => (asked++, eve.token),
  });
  clients.push(client);
  await until('it has asked again', () => asked >= 2);
  expect(client.state).toBeUndefined();
});

/** A response as React Native's fetch has it: its body can't be read in pieces. */
const withoutStreams: Fetch = async (url, init) => {
  const abort = new AbortController();
  const response = await fetch(url, { ...init, signal: abort.signal });
  if (!url.endsWith('/v1/stream')) return response;
  abort.abort();
  return new Response(null, { status: response.status, headers: response.headers });
};

test('polls where bodies can not be read in pieces, and sooner after a reaction', async () => {
  const ada = await newUser(api);
  const id = await deliver(api, ada, { kind: 'modal', title: 'first' });
  const asked: (string | undefined)[] = [];
  const client = open(ada, {
    fetch: (url, init) => {
      if (url.endsWith('/v1/in-app')) asked.push((init.headers as Record<string, string>)['If-None-Match']);
      return withoutStreams(url, init);
    },
  });
  await stateOf(client);
  expect(titles(client)).toEqual(['first']);
  await ada.setPoints(3);
  client.react(id, 'seen');
  await until('the change is there', () => client.state?.profile.points === 3);
  expect(asked.length).toBe(2);
  expect(asked[1]).toMatch(/^".+"$/);
});

test('polls where streams are refused', async () => {
  const ada = await newUser(api);
  await deliver(api, ada, { kind: 'modal', title: 'first' });
  const client = open(ada, {
    fetch: async (url, init) =>
      url.endsWith('/v1/stream') ? new Response('no streams here', { status: 502 }) : fetch(url, init),
  });
  await stateOf(client);
  expect(titles(client)).toEqual(['first']);
});

test('after a cut it goes on where it was', async () => {
  const ada = await newUser(api);
  const ids: (string | undefined)[] = [];
  let cut: AbortController | undefined;
  const client = open(ada, {
    fetch: (url, init) => {
      ids.push((init.headers as Record<string, string>)['Last-Event-ID']);
      cut = new AbortController();
      return fetch(url, { ...init, signal: AbortSignal.any([cut.signal, init.signal as AbortSignal]) });
    },
  });
  await stateOf(client);
  cut?.abort();
  await ada.setPoints(9);
  await until('what was missed is there', () => client.state?.profile.points === 9);
  expect(ids[0]).toBeUndefined();
  expect(ids[1]).toEqual(expect.any(String));
});

test('a flag has its fallback while it is unknown', async () => {
  const client = open(await newUser(api));
  expect(client.flag('new-checkout', 'old')).toBe('old');
  await stateOf(client);
  expect(client.flag('new-checkout', false)).toBe(false);
  expect(client.flag('__proto__', null)).toBe(null);
});

test('the first reading of an experiment in a session is reported as an exposure, and of another flag nothing is', async () => {
  const ada = await newUser(api);
  const storage = deviceStorage();
  const client = open(ada, { storage });
  await stateOf(client);
  for (let times = 0; times < 2; times++)
    expect([client.flag('banner', ''), client.flag('plain', false), client.flag('constructor', false)]).toEqual([
      ...['Hello', true, true],
    ]);
  client.track('Read');
  const stored = (count: number): Promise<unknown> =>
    until(`${count} events are stored`, async () => {
      const events = api.database.knex('events').where('user_id', ada.id).orderBy('id');
      const rows: unknown[] = await events.select('name', 'properties');
      return rows.length >= count && rows;
    });
  const exposed = { name: 'Flag Exposed', properties: { flag: 'banner', variant: 'only' } };
  expect(await stored(2)).toEqual([{ name: 'Read', properties: {} }, exposed]);
  client.stop();
  const again = open(ada, { storage });
  await stateOf(again);
  expect(again.flag('banner', '')).toBe('Hello');
  again.track('Read Again');
  expect(await stored(3)).toEqual([{ name: 'Read', properties: {} }, exposed, { name: 'Read Again', properties: {} }]);
});

test('sends events in order and once, before and after the network was away', async () => {
  const ada = await newUser(api);
  const storage = deviceStorage();
  const line = network();
  const client = open(ada, { storage, fetch: line.fetch });
  await stateOf(client);
  line.on = false;
  client.identify({ plan: 'pro' });
  client.track('Signed Up', { plan: 'free' });
  client.screen('Home');
  client.stop();
  line.on = true;
  open(ada, { storage, fetch: line.fetch });
  const stored = (): Promise<{ type: string }[]> =>
    api.database.knex<{ type: string }>('events').where('user_id', ada.id).orderBy('id').select('type');
  const events = await until('the events are stored', async () => {
    const rows = await stored();
    return rows.length >= 3 && rows;
  });
  expect(events.map(({ type }) => type)).toEqual(['identify', 'track', 'screen']);
  expect(line.passed.filter((request) => request === 'POST /v1/in-app/events').length).toBe(1);
  await until('nothing is kept', () => storage.kept.get(`sojourn:${ada.id}:queue`) === '[]');
});

test('one event that is refused costs the others of its batch nothing', async () => {
  const ada = await newUser(api);
  const client = open(ada);
  client.track('');
  client.track('Signed Up', { plan: 'free' });
  await until('the other is stored', async () => {
    const rows = await api.database.knex('events').where({ user_id: ada.id });
    return rows.length === 1;
  });
});

test('a client whose user was erased does not open one stream after another, although the app gives new tokens', async () => {
  const ada = await newUser(api);
  await api.admin('DELETE', `/v1/users/${ada.id}`);
  const line = network();
  open(ada, { fetch: line.fetch, refresh: () => signUserToken(SECRET, ada.id, 60_000) });
  await until('it asks what is wrong', () => line.passed.includes('GET /v1/in-app'));
  expect(line.passed.filter((passed) => passed === 'GET /v1/stream').length).toBe(3);
});

test('a token is asked for again after the app has failed to give one', async () => {
  const ada = await newUser(api, 1);
  let asked = 0;
  const refresh = (): Promise<string> => {
    asked++;
    if (asked === 1) throw new Error('The session is not there yet.');
    return signUserToken(SECRET, ada.id, 60_000);
  };
  await stateOf(open(ada, { refresh }));
  expect(asked).toBe(2);
});

describe('without network', () => {
  /** Runs a client until it knows the state of the server, and then without network. */
  async function restart(user: InAppUser, options: Partial<ClientOptions> = {}): Promise<[Client, { on: boolean }]> {
    const storage = deviceStorage();
    const before = open(user, { storage });
    await stateOf(before);
    before.stop();
    const line = network();
    line.on = false;
    return [open(user, { storage, fetch: line.fetch, ...options }), line];
  }

  test('the last state is shown, with its age, until the server has answered', async () => {
    const ada = await newUser(api);
    await deliver(api, ada, { kind: 'card', title: 'first' });
    const since = Date.now();
    const [client, line] = await restart(ada);
    const told: unknown[] = [];
    client.on('message', ({ content }) => void told.push(content.title));
    await stateOf(client);
    expect(titles(client)).toEqual(['first']);
    expect(client.flag('plain', false)).toBe(true);
    expect(client.keptAt).toBeGreaterThanOrEqual(since);
    await deliver(api, ada, { kind: 'card', title: 'second' });
    line.on = true;
    client.retry();
    await until('the second is there', () => client.messages.length === 2);
    expect(client.keptAt).toBeUndefined();
    expect(told).toEqual(['first', 'second']);
  });

  /** A user who has dismissed the first of two cards without network, and whose app has ended. */
  const dismissedOffline = async () => {
    const ada = await newUser(api);
    const id = await deliver(api, ada, { kind: 'card', title: 'first' });
    await deliver(api, ada, { kind: 'card', title: 'second' });
    const storage = deviceStorage();
    const line = network();
    const before = open(ada, { storage, fetch: line.fetch });
    await stateOf(before);
    line.on = false;
    before.react(id, 'dismissed');
    before.stop();
    return { ada, storage, line };
  };

  test('what the user did before is not undone', async () => {
    const { ada, storage, line } = await dismissedOffline();
    const client = open(ada, { storage, fetch: line.fetch });
    await stateOf(client);
    expect(titles(client)).toEqual(['second']);
  });

  test('what the user did is not undone by a server that has yet to hear of it', async () => {
    const { ada, storage, line } = await dismissedOffline();
    // The network is back only for what the client reads.
    let reads = false;
    const client = open(ada, {
      storage,
      fetch: (url, init) => (reads && !init.method ? fetch : line.fetch)(url, init),
    });
    await until('the kept state is shown', () => client.keptAt);
    expect(titles(client)).toEqual(['second']);
    reads = true;
    client.retry();
    await until('the server has answered', () => client.state && client.keptAt === undefined);
    expect(titles(client)).toEqual(['second']);
  });

  test('a message that has expired is not shown, and one that expires vanishes', async () => {
    const ada = await newUser(api);
    const soon = Date.now() + 600_000;
    await ada.store({ step: 'gone', expiresAt: soon - 300_000 });
    await ada.store({ step: 'going', expiresAt: soon });
    await ada.store({ step: 'there' });
    // Six seconds before the second one expires.
    const ahead = soon - 6_000 - Date.now();
    const [client] = await restart(ada, { now: () => Date.now() + ahead });
    await stateOf(client);
    expect(titles(client)).toEqual(['there', 'going']);
    await until('it vanishes', () => client.messages.length === 1);
    expect(titles(client)).toEqual(['there']);
  });

  test('nobody sees the state of another user', async () => {
    const [ada, eve] = [await newUser(api), await newUser(api)];
    await deliver(api, ada, { kind: 'card', title: "ada's" });
    const storage = deviceStorage();
    const before = open(ada, { storage });
    await stateOf(before);
    before.stop();
    const line = network();
    line.on = false;
    const [other, again] = [open(eve, { storage, fetch: line.fetch }), open(ada, { storage, fetch: line.fetch })];
    await stateOf(again);
    expect(other.state).toBeUndefined();
  });

  test('the latest 50 messages are kept', async () => {
    const ada = await newUser(api);
    for (let i = 0; i < 60; i++) await ada.store({ step: `message ${i}`, at: Date.now() + i });
    const [client] = await restart(ada);
    await stateOf(client);
    expect(titles(client)).toEqual(Array.from({ length: 50 }, (_, i) => `message ${59 - i}`));
  });
});
