import { compile } from '../../engine/outline/compile';
import { verifyUserToken } from '../../config/tokens';

import { lifecycle } from '../../engine/authoring/lifecycle';
import { areWaiting } from '../support/locks';
import { until } from '../support/until';
import { advanceUser } from './engine';
import { projectCreated, SECRET, signedUp, startApi, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

interface Entry {
  readonly at: string;
  readonly kind: string;
  readonly what: string;
  readonly reason: string;
  readonly times: Record<string, string>;
  readonly details: Record<string, unknown>;
}
interface Page {
  readonly entries: Entry[];
  readonly next: string | null;
}

/** The members whose value is a time as a number. */
function epochsIn(details: Record<string, unknown>): string[] {
  const isEpoch = (value: unknown): boolean => typeof value === 'number' && value > 1_000_000_000_000;
  return Object.keys(details)
    .filter((name) => isEpoch(details[name]))
    .sort();
}

/** Signs a user up and advances them. The welcome mail is decided, and the run waits for the first project. */
async function signUp(userId: string): Promise<void> {
  await api.write('/v1/identify', { userId, traits: { email: `${userId}@example.com`, plan: 'free' } });
  await api.write('/v1/track', { userId, event: 'Signed Up', properties: { plan: 'free' } });
  await advanceUser(api, userId);
}

test('a profile shows the step a user waits at, and until when', async () => {
  await signUp('ada');
  const before = Date.now();
  const { status, body } = await api.admin('GET', '/v1/users/ada');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    id: 'ada',
    traits: { email: 'ada@example.com', plan: 'free' },
    stage: 'new',
    points: 0,
    badges: [],
    runs: [{ journey: 'onboarding', status: 'active', step: 'first project', endedAt: null }],
  });
  const { runs, wakeAt } = body as { runs: { until: string }[]; wakeAt: string };
  const inTwoDays = Date.parse(runs[0]?.until ?? '') - before;
  expect([inTwoDays > 47 * 3_600_000, inTwoDays <= 48 * 3_600_000]).toEqual([true, true]);
  expect(wakeAt).toBe(runs[0]?.until);
});

test('a timeline lists events, decisions and messages in order, with reasons', async () => {
  await signUp('grace');
  await api.write('/v1/track', { userId: 'grace', event: 'Project Created' });
  await advanceUser(api, 'grace');

  const { body } = await api.admin('GET', '/v1/users/grace/timeline');
  const { entries, next } = body as Page;
  expect(next).toBeNull();
  expect(entries.map(({ kind, what, reason }) => [kind, what, reason])).toEqual([
    ['event', 'Identify', 'identify'],
    ['event', 'Signed Up', 'track'],
    ['entered', 'onboarding', 'Signed Up'],
    ['step', 'welcome', expect.any(String)],
    ['message', 'sending', expect.any(String)],
    ['event', 'Project Created', 'track'],
    ['step', 'first project', 'Project Created'],
    ['goal', 'onboarding', 'reached'],
    ['ended', 'onboarding', expect.any(String)],
  ]);
  expect(entries[3]?.details).toMatchObject({ journey: 'onboarding', kind: 'send', status: 'done' });
  expect(entries[4]?.details).toMatchObject({ channel: 'email', template: 'welcome', step: 'welcome' });
  const times = entries.map(({ at }) => at);
  expect(times).toEqual([...times].sort());
  expect(entries[4]?.times['expiresAt']).toBe(new Date(Number(entries[4]?.details['expiresAt'])).toISOString());
  for (const entry of entries) expect(epochsIn(entry.details)).toEqual(Object.keys(entry.times).sort());
});

test.each(['/v1/batch', '/v1/import'])(
  'a sign-up of two years ago lets nobody in, and the timeline says why: %s',
  async (path) => {
    const userId = `edsger ${path}`;
    const timestamp = new Date(Date.now() - 730 * 86_400_000).toISOString();
    const call = { type: 'track', userId, event: 'Signed Up', properties: { plan: 'free' }, timestamp };
    const messageId = (n: number): string => `${path} ${n}`;
    await api.write(path, { batch: [1, 2].map((n) => ({ ...call, messageId: messageId(n) })) });
    await advanceUser(api, userId);
    const { body } = await api.admin('GET', `/v1/users/${encodeURIComponent(userId)}/timeline`);
    expect((body as Page).entries).toMatchObject([
      { kind: 'event', what: 'Signed Up' },
      { kind: 'event', what: 'Signed Up' },
      {
        kind: 'refused',
        what: 'onboarding',
        reason: expect.stringMatching(/^too old: 730 d.*, at most 3 d$/),
        details: { cause: 'too old', count: 2 },
      },
    ]);
  },
);

test('a timeline lists the effects of one batch in the order they were decided', async () => {
  const rules = [
    { from: ['new'], to: 'registered', on: signedUp },
    { from: ['registered'], to: 'active', on: projectCreated },
  ];
  const definitions = await compile({ ...api.definitions, lifecycle: lifecycle({ initial: 'new', rules }) });
  const staged = await startApi({ code: definitions });
  const track = { type: 'track', userId: 'lin', properties: { plan: 'free' } };
  const at = (secondsAgo: number): string => new Date(Date.now() - secondsAgo * 1_000).toISOString();
  const batch = [
    { ...track, event: 'Signed Up', timestamp: at(60) },
    { ...track, event: 'Project Created', timestamp: at(59) },
  ];
  await staged.write('/v1/batch', { batch });
  await advanceUser(staged, 'lin');
  const { body } = await staged.admin('GET', '/v1/users/lin/timeline');
  await staged.stop();
  const told = (body as Page).entries.filter(({ kind }) => ['stage', 'entered', 'goal'].includes(kind));
  expect(told.map(({ kind, what }) => [kind, what])).toEqual([
    ['stage', 'registered'],
    ['stage', 'active'],
    ['entered', 'onboarding'],
    ['goal', 'onboarding'],
  ]);
});

test.each(['oldest', 'newest'])(
  'a long timeline comes in pages, %s entries first, with no entry lost between them',
  async (order) => {
    const userId = `pages ${order}`;
    const at = (n: number): string => new Date(1_600_000_000_000 + Math.floor(n / 3) * 1_000).toISOString();
    const batch = Array.from({ length: 50 }, (_, n) => ({ type: 'track', userId, event: `E${n}`, timestamp: at(n) }));
    await api.write('/v1/batch', { batch });
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await api.admin('GET', `/v1/users/${userId}/timeline?limit=7&order=${order}${cursor}`);
      const { entries, next } = body as Page;
      seen.push(...entries.map(({ what }) => what));
      cursor = next === null ? '' : `&cursor=${next}`;
    } while (cursor !== '');
    const told = batch.map(({ event }) => event);
    expect(seen).toEqual(order === 'oldest' ? told : told.reverse());
  },
);

test.each([
  '',
  'x',
  'bm9uc2Vuc2U',
  Buffer.from('[1]').toString('base64url'),
  Buffer.from('["1","2"]').toString('base64url'),
])('an invalid cursor is refused: %j', async (cursor) => {
  const answer = await api.admin('GET', `/v1/users/ada/timeline?cursor=${cursor}`);
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: 'cursor' }] } });
});

test('an erasure leaves only the request to erase the workflow', async () => {
  await signUp('gone');
  await api.admin('POST', '/v1/alias', { userId: 'gone', previousId: 'gone before' });
  expect((await api.admin('DELETE', '/v1/users/gone%20before')).status).toBe(204);

  const { knex } = api.database;
  for (const table of [
    'events',
    'runs',
    'messages',
    'stage_changes',
    'aliases',
    'push_subscriptions',
    'push_devices',
  ]) {
    expect([table, await knex(table).where({ user_id: 'gone' })]).toEqual([table, []]);
  }
  expect(await knex('users').where({ id: 'gone' })).toEqual([]);
  expect(await knex('erasures').where({ user_id: 'gone' })).toHaveLength(1);
  expect((await api.admin('GET', '/v1/users/gone')).status).toBe(404);
  expect((await api.admin('DELETE', '/v1/users/gone')).status).toBe(404);
  // A user who comes back starts anew.
  await api.write('/v1/track', { userId: 'gone', event: 'Clicked' });
  expect(await api.admin('GET', '/v1/users/gone')).toMatchObject({ status: 200, body: { traits: {}, runs: [] } });
});

test('an event that arrives during an erasure is erased too', async () => {
  const { pool, knex } = api.database;
  const track = (): Promise<unknown> => api.write('/v1/track', { userId: 'leaving', event: 'Clicked' });
  await track();
  // This lock blocks the deletion of the user, but not an update.
  const session = await pool.connect();
  await session.query("BEGIN; SELECT FROM users WHERE id = 'leaving' FOR KEY SHARE");
  const erasing = api.admin('DELETE', '/v1/users/leaving');
  await until('the erasure waits', () => areWaiting(pool, 1));
  await track();
  await session.query('COMMIT');
  session.release();
  expect((await erasing).status).toBe(204);
  expect(await knex('events').where({ user_id: 'leaving' })).toEqual([]);
});

test('consent is stored by channel, and each change of it is an event', async () => {
  await api.write('/v1/track', { userId: 'consent', event: 'Clicked' });
  const put = (answers: object): Promise<unknown> =>
    api.admin('PUT', '/v1/users/consent/consent', answers).then(({ body }) => body);
  expect(await put({ email: false, webPush: true })).toEqual({ email: false, webPush: true });
  expect(await put({ email: false })).toEqual({ email: false, webPush: true });
  expect(await put({ email: true })).toEqual({ email: true, webPush: true });
  const events = await api.database
    .knex('events')
    .where({ user_id: 'consent', type: 'consent' })
    .orderBy('id')
    .select('name', 'properties');
  expect(events).toEqual([
    { name: 'Unsubscribed', properties: { channel: 'email', source: 'api' } },
    { name: 'Consent Given', properties: { channel: 'webPush', source: 'api' } },
    { name: 'Subscribed', properties: { channel: 'email', source: 'api' } },
    { name: 'Consent Given', properties: { channel: 'email', source: 'api' } },
  ]);
  expect(await api.admin('PUT', '/v1/users/consent/consent', { email: 'no', fax: true })).toMatchObject({
    status: 422,
  });
});

test('consent is under `channels`, as in the preferences, and a request with the channels at the top is answered as before', async () => {
  await api.write('/v1/track', { userId: 'spelling', event: 'Clicked' });
  const put = (body: object): Promise<unknown> => api.admin('PUT', '/v1/users/spelling/consent', body);
  expect(await put({ channels: { email: false } })).toMatchObject({
    status: 200,
    body: { channels: { email: false } },
  });
  expect((await api.admin('PUT', '/v1/users/spelling/consent', { inApp: true })).body).toEqual({
    email: false,
    inApp: true,
  });
  expect((await api.admin('PUT', '/v1/users/spelling/consent', { channels: {} })).body).toEqual({
    channels: { email: false, inApp: true },
  });
  for (const [body, pointer] of [
    [{ channels: { email: true }, email: false }, '/channels'],
    [{ channels: { email: 'no' } }, '/channels/email'],
    [{ fax: true }, '/fax'],
  ] as const)
    expect(await put(body)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
});

test('a token requested by a previous id is a token of the current user', async () => {
  await api.admin('POST', '/v1/alias', { userId: 'token', previousId: 'token before' });
  const { status, body } = await api.admin('POST', '/v1/users/token%20before/token', { ttlSeconds: 60 });
  expect(status).toBe(201);
  const { token, expiresAt } = body as { token: string; expiresAt: string };
  expect(await verifyUserToken(SECRET, token)).toMatchObject({ userId: 'token' });
  expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
  expect((await api.admin('POST', '/v1/users/token/token')).status).toBe(201);
  expect(await api.admin('POST', '/v1/users/token/token', { ttlSeconds: 1e9 })).toMatchObject({ status: 422 });
});

test.each([
  ['GET', '/v1/users/nobody', undefined],
  ['GET', '/v1/users/nobody/timeline', undefined],
  ['DELETE', '/v1/users/nobody', undefined],
  ['PUT', '/v1/users/nobody/consent', { email: true }],
  ['POST', '/v1/users/nobody/token', {}],
  ['POST', '/v1/users/nobody/journeys/onboarding', { properties: { plan: 'free' } }],
  ['DELETE', '/v1/users/nobody/journeys/onboarding', undefined],
  ['POST', '/v1/messages', { userId: 'nobody', channels: 'email', template: 'receipt' }],
])('%s %s of an unknown user answers 404', async (method, path, body) => {
  expect(await api.admin(method, path, body)).toMatchObject({
    status: 404,
    body: { detail: 'There is no such user.' },
  });
});

test('a user id may contain slashes, spaces, emoji and other special characters', async () => {
  for (const userId of ['a/b', 'ümläut 😀', '50%', '?q=1#x', 'anon:x']) {
    await api.write('/v1/track', { userId, event: 'Clicked' });
    expect(await api.admin('GET', `/v1/users/${encodeURIComponent(userId)}`)).toMatchObject({
      status: 200,
      body: { id: userId },
    });
  }
  expect((await api.admin('GET', '/v1/users/%00')).status).toBe(422);
  expect((await api.admin('GET', `/v1/users/${'x'.repeat(300)}`)).status).toBe(422);
});

test('the timeline says before when old rows were removed', async () => {
  await signUp('long here');
  const { removedBefore } = (await api.admin('GET', '/v1/users/long%20here/timeline')).body as Record<string, unknown>;
  expect(removedBefore).toEqual({ events: null, messages: null, runs: null });
  await api.database.knex('retention').update({ before: { events: Date.UTC(2026, 0, 5), messages: null, runs: null } });
  expect((await api.admin('GET', '/v1/users/long%20here/timeline')).body).toMatchObject({
    removedBefore: { events: '2026-01-05T00:00:00.000Z', messages: null, runs: null },
  });
});
