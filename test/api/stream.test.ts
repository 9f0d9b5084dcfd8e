import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../api/app';
import { createHttpServer } from '../../api/http-server';
import { Pages } from '../../api/stream/pages';
import { httpDuration, openStreams } from '../../config/metrics';
import { signUserToken } from '../../config/tokens';
import { systemClock } from '../../engine/model/clock';
import { until } from '../support/until';
import { EventStream } from './event-stream';
import { InAppUser } from './in-app-users';
import { SECRET, startApi, type Answer, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => void (api = await startApi()));
afterAll(() => api.stop());

/** More than the sockets of both sides hold. */
const LARGE = 'x'.repeat(16_000_000);

const open: EventStream[] = [];
afterEach(async () => {
  for (const stream of open.splice(0)) stream.close();
  await until('all streams are closed', async () => (await streamsOpen()) === 0);
});

/** Opens a page of a user, which is closed when the test ends. */
async function page(user: InAppUser, lastId?: string | null, url = api.url): Promise<EventStream> {
  const stream = await EventStream.open(url, user.token, lastId);
  open.push(stream);
  return stream;
}

let users = 0;
const someone = (): Promise<InAppUser> => InAppUser.create(api.database, `someone-${++users}`);

function as({ token }: InAppUser, method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return api.call(method, path, { headers: { authorization: `Bearer ${token}`, ...headers } });
}

/** A further API process on the same database. */
async function startSecondApi(patienceMs?: number): Promise<{ url: string; pages: Pages; stop: () => Promise<void> }> {
  const { pool, url: databaseUrl } = api.database;
  const pages = Pages.start({
    pool,
    databaseUrl,
    clock: systemClock,
    definitions: api.deps.definitions,
    onMissed: () => undefined,
    ...(patienceMs !== undefined && { patienceMs }),
  });
  const server = createHttpServer(createApp({ ...api.deps, pages }), api.deps.log);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pages,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      await pages.stop();
      await closed;
    },
  };
}

describe('GET /v1/in-app', () => {
  test('returns messages, profile, flags with their variants and polls, and 304 until something changes', async () => {
    const ada = await someone();
    await ada.deliver({ step: 'hello' });
    await ada.setPoints(30);
    const first = await as(ada, 'GET', '/v1/in-app');
    expect(first.body).toEqual({
      messages: [expect.objectContaining({ step: 'hello', expiresAt: expect.any(String), seenAt: null })],
      profile: { stage: '', points: 30, badges: [] },
      flags: {},
      variants: {},
      polls: {},
      session: null,
      chats: [],
    });
    const etag = first.headers.get('etag') ?? '';
    // Browsers add no-cache to a request whose If-None-Match a page has set.
    const again = await as(ada, 'GET', '/v1/in-app', {
      'if-none-match': `W/"other", ${etag}`,
      'cache-control': 'no-cache',
    });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    await ada.setPoints(40);
    const changed = await as(ada, 'GET', '/v1/in-app', { 'if-none-match': etag });
    expect([changed.status, changed.headers.get('etag') === etag]).toEqual([200, false]);
    expect(changed.headers.get('access-control-expose-headers')).toContain('ETag');
  });

  test('is refused to a user who no longer exists', async () => {
    const token = await signUserToken(SECRET, 'nobody', 60_000);
    expect(await api.call('GET', '/v1/in-app', { headers: { authorization: `Bearer ${token}` } })).toMatchObject({
      status: 401,
    });
  });
});

describe('an open page', () => {
  test('gets the whole state first, as server-sent events that no proxy gathers', async () => {
    const ada = await someone();
    await ada.deliver({ step: 'hello' });
    const stream = await page(ada);
    await stream.untilShows('hello');
    expect(stream.state).toEqual((await as(ada, 'GET', '/v1/in-app')).body);
    expect(stream.events).toHaveLength(1);
    expect(`"${stream.lastId}"`).toBe((await as(ada, 'GET', '/v1/in-app')).headers.get('etag'));
    expect(stream.headers).toMatchObject({
      'content-type': expect.stringContaining('text/event-stream'),
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': '*',
    });
  });

  test('gets a delivered message, without the members that have not changed', async () => {
    const ada = await someone();
    const stream = await page(ada);
    await stream.untilShows();
    await ada.deliver({ step: 'hello' });
    await stream.untilShows('hello');
    expect(Object.keys(stream.events.at(-1)?.data as object)).toEqual(['messages']);
  });

  test('shows the newer message of a card in place of the older one', async () => {
    const ada = await someone();
    const stream = await page(ada);
    await ada.deliver({ step: 'packed', slot: 'order' });
    await stream.untilShows('packed');
    await ada.deliver({ step: 'sent', slot: 'order' });
    await stream.untilShows('sent');
  });

  test('loses a message that its user dismisses in another tab', async () => {
    const ada = await someone();
    const id = await ada.deliver({ step: 'hello' });
    const [one, other] = [await page(ada), await page(ada)];
    await one.untilShows('hello');
    await other.untilShows('hello');
    expect((await as(ada, 'POST', `/v1/inbox/${id}/dismissed`)).status).toBe(204);
    await one.untilShows();
    await other.untilShows();
  });

  test('loses a message that expires, although nothing is announced', async () => {
    const ada = await someone();
    await ada.deliver({ step: 'soon over', expiresAt: Date.now() + 5_000 });
    await ada.deliver({ step: 'for long', at: Date.now() - 1_000 });
    const stream = await page(ada);
    await stream.untilShows('soon over', 'for long');
    await stream.untilShows('for long');
  });

  test('gets the messages of one decision in the order in which they were delivered, the latest first', async () => {
    const ada = await someone();
    const at = Date.now();
    await ada.store({ step: 'second', at, sentAt: at + 2 });
    await ada.store({ step: 'third', at, sentAt: at + 3 });
    await ada.store({ step: 'first', at, sentAt: at + 1 });
    await (await page(ada)).untilShows('third', 'second', 'first');
  });

  test('gets nothing of another user', async () => {
    const [ada, ben] = [await someone(), await someone()];
    const [hers, his] = [await page(ada), await page(ben)];
    await hers.untilShows();
    await his.untilShows();
    await ben.deliver({ step: 'for ben' });
    await ada.deliver({ step: 'for ada' });
    await his.untilShows('for ben');
    await hers.untilShows('for ada');
    expect(JSON.stringify(hers.events)).not.toContain('for ben');
  });

  test('gets nothing again when it reconnects with the id of the last event, and then only what has changed', async () => {
    const ada = await someone();
    await ada.deliver({ step: 'hello' });
    const before = await page(ada);
    await before.untilShows('hello');
    before.close();
    const same = await page(ada, before.lastId);
    await ada.setPoints(5);
    await until('the points', () => same.events.length > 0);
    expect(same.events.map(({ data }) => data)).toEqual([{ profile: { stage: '', points: 5, badges: [] } }]);
    same.close();
    await ada.setPoints(6);
    const missed = await page(ada, same.lastId);
    await until('what was missed', () => missed.events.length > 0);
    expect(missed.events.map(({ data }) => data)).toEqual([{ profile: { stage: '', points: 6, badges: [] } }]);
  });

  test('gets everything when it reconnects with an id that says nothing', async () => {
    const ada = await someone();
    await ada.deliver({ step: 'hello' });
    const stream = await page(ada, 'x.y, z');
    await stream.untilShows('hello');
    expect(Object.keys(stream.state)).toEqual([
      'messages',
      'profile',
      'flags',
      'variants',
      'polls',
      'session',
      'chats',
    ]);
  });
});

describe('a stream ends', () => {
  test('when its token expires', async () => {
    const ada = await InAppUser.create(api.database, 'short', 2_000);
    const stream = await page(ada);
    await stream.untilEnds('token');
    expect((await EventStream.open(api.url, ada.token)).status).toBe(401);
  });

  test('when its user becomes an alias of another user, who gets the messages', async () => {
    const [ada, twin] = [await someone(), await someone()];
    await twin.deliver({ step: 'to the twin' });
    const [hers, twins] = [await page(ada), await page(twin)];
    await twins.untilShows('to the twin');
    await hers.untilShows();
    expect((await api.admin('POST', '/v1/alias', { previousId: twin.id, userId: ada.id })).status).toBe(200);
    await twins.untilEnds('token');
    await hers.untilShows('to the twin');
  });

  test('when its user is erased', async () => {
    const ada = await someone();
    const stream = await page(ada);
    await stream.untilShows();
    await api.admin('DELETE', `/v1/users/${ada.id}`);
    await stream.untilEnds('token');
  });

  test('when the server stops, which does not wait for it', async () => {
    const second = await startSecondApi();
    const ada = await someone();
    const stream = await page(ada, null, second.url);
    await stream.untilShows();
    await second.stop();
    await stream.untilEnds('stopping');
    expect(() => second.pages.admit(ada.id)).toThrow('stopping');
  });
});

test('a page of another API process shows what happens in this one', async () => {
  const second = await startSecondApi();
  const ada = await someone();
  const stream = await page(ada, null, second.url);
  const id = await ada.deliver({ step: 'hello' });
  await stream.untilShows('hello');
  await as(ada, 'POST', `/v1/inbox/${id}/dismissed`);
  await stream.untilShows();
  await second.stop();
});

test('what was announced while the connection of a listener was broken is not lost', async () => {
  const ada = await someone();
  const stream = await page(ada);
  await stream.untilShows();
  await ada.store({ step: 'never announced' });
  await api.database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sojourn-in-app' AND datname = current_database()`,
  );
  await stream.untilShows('never announced');
});

test('a reader who takes nothing is dropped, and the others go on', async () => {
  const second = await startSecondApi(200);
  const [slow, quick] = [await someone(), await someone()];
  const before = await streamsOpen();
  const [asleep, awake] = [await page(slow, null, second.url), await page(quick, null, second.url)];
  await asleep.untilShows();
  asleep.pause();
  await slow.deliver({ step: 'large', body: LARGE });
  await until('the reader is dropped', async () => (await streamsOpen()) === before + 1);
  await quick.deliver({ step: 'small' });
  await awake.untilShows('small');
  asleep.resume();
  await until('the reader notices', () => asleep.isClosed);
  await second.stop();
});

test('a reader who was behind gets the latest state, without those in between', async () => {
  const ada = await someone();
  const [behind, awake] = [await page(ada), await page(ada)];
  await behind.untilShows();
  behind.pause();
  await ada.deliver({ step: 'large', body: LARGE });
  await awake.untilShows('large');
  for (const points of [1, 2, 3]) {
    await ada.setPoints(points);
    await until('the points', () => (awake.state['profile'] as { points: number }).points === points);
  }
  behind.resume();
  await until('the latest points', () => (behind.state['profile'] as { points: number }).points === 3);
  expect(behind.events.slice(1).map(({ data }) => Object.keys(data as object))).toEqual([['messages'], ['profile']]);
});

test('a user may have twenty streams, and one more is refused until one is closed', async () => {
  const [ada, ben] = [await someone(), await someone()];
  const streams: EventStream[] = [];
  for (let n = 0; n < 20; n++) streams.push(await page(ada));
  const refused = await page(ada);
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '30']);
  expect((await page(ben)).status).toBe(200);
  streams[0]?.close();
  await until('there is room', async () => (await page(ada)).status === 200);
});

test('HEAD is answered without a stream', async () => {
  const ada = await someone();
  const before = await streamsOpen();
  const answer = await EventStream.open(api.url, ada.token, null, 'HEAD');
  await until('the answer ends', () => (answer.resume(), answer.isClosed));
  expect([answer.status, await streamsOpen()]).toEqual([200, before]);
});

test('an open stream counts in its gauge, and as a request that was answered at once', async () => {
  const ada = await someone();
  const [gauge, count] = [await streamsOpen(), await answered()];
  const stream = await page(ada);
  await stream.untilShows();
  expect([await streamsOpen(), await answered()]).toEqual([gauge + 1, count + 1]);
  stream.close();
  await until('the stream is closed', async () => (await streamsOpen()) === gauge);
  expect(await answered()).toBe(count + 1);
  await until('the log line', () => api.log.find(({ route }) => route === '/v1/stream'));
  expect(api.log.filter(({ route, status }) => route === '/v1/stream' && status === 499)).toEqual([]);
});

test('a client who leaves while its token is checked holds none of the streams of its user, and is measured once', async () => {
  const ada = await someone();
  const before = await measured();
  const checks = await api.database.knex.transaction();
  await checks.raw('LOCK TABLE aliases');
  const call = request(`${api.url}/v1/stream`, { agent: false, headers: { Authorization: `Bearer ${ada.token}` } });
  call.on('error', () => undefined).end();
  await until('the token is checked', async () => {
    const { rowCount } = await api.database.pool.query(
      `SELECT FROM pg_locks WHERE relation = 'aliases'::regclass AND NOT granted`,
    );
    return rowCount === 1;
  });
  call.destroy();
  await until('the server has noticed', () =>
    api.log.some(({ route, status }) => route === '/v1/stream' && status === 499),
  );
  await checks.rollback();
  for (let n = 0; n < 20; n++) expect((await page(ada)).status).toBe(200);
  expect(await measured()).toBe(before + 21);
});

async function streamsOpen(): Promise<number> {
  return (await openStreams.get()).values[0]?.value ?? 0;
}

/** The number of requests for a stream that were measured and answered. */
const answered = (): Promise<number> => measured((status) => status === 200);

/** The number of requests for a stream that were measured. */
async function measured(counts: (status: unknown) => boolean = () => true): Promise<number> {
  const { values } = await httpDuration.get();
  const found = values.filter(
    ({ metricName, labels }) =>
      metricName?.endsWith('_count') && labels.route === '/v1/stream' && counts(labels.status),
  );
  return found.reduce((sum, { value }) => sum + value, 0);
}
