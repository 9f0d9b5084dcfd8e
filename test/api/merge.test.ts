import { MOST_ALIASES } from '../../api/segment/read-calls';
import { ADMIN_KEY, startApi, type Answer, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const namesOf = (userId: string): Promise<string[]> =>
  api.database.knex('events').where({ user_id: userId }).orderBy('id').pluck('name');
const profileOf = async (id: string): Promise<unknown> =>
  (await api.admin('GET', `/v1/users/${encodeURIComponent(id)}`)).body;
const track = (who: object, event: string, more: object = {}): Promise<unknown> =>
  api.write('/v1/track', { ...who, event, ...more });

test('a visitor’s events, traits and first visit become the user’s once a call carries both ids', async () => {
  const visitor = { anonymousId: 'v1' };
  await track(visitor, 'Project Created', { timestamp: '2020-01-01T00:00:00Z' });
  await api.write('/v1/identify', { ...visitor, traits: { plan: 'free', color: 'red' } });
  expect(await profileOf('anon:v1')).toMatchObject({ id: 'anon:v1' });

  await api.write('/v1/identify', { ...visitor, userId: 'ada', traits: { color: 'blue' } });
  expect(await profileOf('ada')).toMatchObject({
    previousIds: ['anon:v1'],
    traits: { plan: 'free', color: 'blue' },
    createdAt: '2020-01-01T00:00:00.000Z',
  });
  expect(await profileOf('anon:v1')).toMatchObject({ id: 'ada' });
  await track(visitor, 'Clicked');
  expect((await namesOf('ada')).sort()).toEqual(['Clicked', 'Identify', 'Identify', 'Project Created']);
  expect(await namesOf('anon:v1')).toEqual([]);
  // The visitor's event was still pending, so now it wakes the user.
  expect(api.woken).toContainEqual({ userId: 'ada', id: expect.any(String), name: 'Project Created' });
});

test('a visitor becomes the user within a single batch too', async () => {
  await api.write('/v1/batch', {
    batch: [
      { type: 'track', anonymousId: 'v2', event: 'Clicked', timestamp: '2020-01-01T00:00:00Z' },
      { type: 'identify', anonymousId: 'v2', userId: 'grace', traits: { plan: 'pro' } },
      { type: 'track', anonymousId: 'v2', event: 'Saved' },
    ],
  });
  expect((await namesOf('grace')).sort()).toEqual(['Clicked', 'Identify', 'Saved']);
  expect(await profileOf('grace')).toMatchObject({ previousIds: ['anon:v2'], createdAt: '2020-01-01T00:00:00.000Z' });
});

test('signing up with both ids wakes the user for the sign-up, and not again for the merge', async () => {
  await track({ anonymousId: 'v3' }, 'Clicked');
  await api.write('/v1/batch', {
    batch: [
      { type: 'identify', anonymousId: 'v3', userId: 'hedy' },
      { type: 'track', userId: 'hedy', event: 'Signed Up', properties: { plan: 'free' } },
    ],
  });
  expect(api.woken.filter(({ userId }) => userId === 'hedy')).toMatchObject([{ name: 'Signed Up' }]);
});

test('a second person on the same device does not become the first', async () => {
  const device = { anonymousId: 'shared' };
  await track(device, 'Clicked');
  await track({ ...device, userId: 'first' }, 'Clicked');
  await track({ ...device, userId: 'second' }, 'Clicked');
  expect(await profileOf('first')).toMatchObject({ id: 'first', previousIds: ['anon:shared'] });
  expect(await profileOf('second')).toMatchObject({ id: 'second', previousIds: [] });
});

test('an anonymous profile that a user was merged into does not become another user', async () => {
  const device = { type: 'track', anonymousId: 'home', event: 'Clicked' };
  await api.admin('POST', '/v1/alias', { previousId: 'ida', userId: 'anon:home' });
  const answer = await api.write('/v1/batch', {
    batch: [
      { ...device, userId: 'ida' },
      { ...device, userId: 'joan' },
    ],
  });
  expect(answer).toMatchObject({ status: 200, body: { accepted: 2 } });
  expect(await profileOf('joan')).toMatchObject({ id: 'joan', previousIds: [] });
  expect(await profileOf('ida')).toMatchObject({ id: 'anon:home' });
  await track({ anonymousId: 'home', userId: 'joan' }, 'Clicked');
  expect(await profileOf('joan')).toMatchObject({ id: 'joan', previousIds: [] });
});

test('an alias moves all data, ends the active runs, and applies to later events', async () => {
  const { knex } = api.database;
  const run = { journey: 'onboarding', status: 'active', position: 'welcome', entered_at: 1 };
  const message = {
    journey: 'onboarding',
    step: 'welcome',
    channel: 'email',
    template: 'welcome',
    transactional: false,
  };
  await track({ userId: 'old' }, 'Clicked', { messageId: 'same' });
  await track({ userId: 'old' }, 'Saved');
  await track({ userId: 'now' }, 'Clicked', { messageId: 'same' });
  const runId = '00000000-0000-4000-8000-000000000001';
  await knex('runs').insert({
    ...run,
    id: runId,
    user_id: 'old',
    body: { id: runId, status: 'active', journal: [], trigger: { name: 'x' } },
  });
  for (const [n, status] of ['sent', 'held', 'retrying'].entries()) {
    const id = `00000000-0000-4000-8000-00000000001${n}`;
    await knex('messages').insert({
      ...message,
      id,
      run_id: runId,
      user_id: 'old',
      status,
      data: {},
      decided_at: 1,
      expires_at: 2,
    });
  }
  await knex('stage_changes').insert({ user_id: 'old', at: 1, from: 'new', to: 'active', reason: 'Clicked' });
  await knex('push_subscriptions').insert({
    user_id: 'old',
    endpoint: 'https://push.example.com/1',
    keys: {},
    created_at: 1,
  });

  await api.admin('POST', '/v1/alias', { userId: 'now', previousId: 'old' });
  await track({ userId: 'old' }, 'Later');

  expect(await namesOf('old')).toEqual([]);
  expect((await namesOf('now')).sort()).toEqual(['Alias', 'Clicked', 'Later', 'Saved']);
  expect(await knex('runs').where({ id: runId }).first()).toMatchObject({
    user_id: 'now',
    status: 'exited',
    reason: 'merged',
    body: { status: 'exited', reason: 'merged', endedAt: expect.any(Number) },
  });
  expect(await knex('messages').where({ run_id: runId }).orderBy('id').select('user_id', 'status')).toEqual([
    { user_id: 'now', status: 'sent' },
    { user_id: 'now', status: 'cancelled' },
    { user_id: 'now', status: 'cancelled' },
  ]);
  expect(await knex('stage_changes').where({ user_id: 'now' })).toHaveLength(1);
  expect(await knex('push_subscriptions').where({ user_id: 'now' })).toHaveLength(1);
  // The workflow of the previous id is left to be removed.
  expect(await knex('erasures').where({ user_id: 'old' })).toHaveLength(1);
});

test('a chain of aliases leads to one user, and circular aliases are ignored', async () => {
  const alias = (previousId: string, userId: string): Promise<unknown> =>
    api.admin('POST', '/v1/alias', { previousId, userId });
  await track({ userId: 'c1' }, 'One');
  await alias('c1', 'c2');
  await alias('c2', 'c3');
  await alias('c3', 'c1');
  await alias('c3', 'c3');
  for (const [userId, event] of [
    ['c1', 'Two'],
    ['c2', 'Three'],
    ['c3', 'Four'],
  ] as const)
    await track({ userId }, event);
  expect((await namesOf('c3')).filter((name) => name !== 'Alias').sort()).toEqual(['Four', 'One', 'Three', 'Two']);
  expect(await profileOf('c1')).toMatchObject({ id: 'c3', previousIds: ['c1', 'c2'] });
});

describe('with the write key, an alias merges a visitor into a user, and nobody else', () => {
  const alias = (previousId: string, userId: string): Promise<Answer> => api.write('/v1/alias', { previousId, userId });
  const refused = (pointer: string): object => ({ status: 422, body: { errors: [{ pointer }] } });

  test.each([
    ['by the anonymous id', 'v10'],
    ['by the id of the profile', 'anon:v10'],
  ])('a visitor, named %s', async (how, previousId) => {
    const userId = `nora ${how}`;
    await track({ anonymousId: 'v10' }, `Clicked ${how}`);
    expect(await alias(previousId, userId)).toMatchObject({ status: 200, body: { accepted: 1, rejected: [] } });
    expect(await namesOf(userId)).toEqual([`Clicked ${how}`, 'Alias']);
    await api.admin('DELETE', `/v1/users/${encodeURIComponent(userId)}`);
  });

  test('a user is refused, and both stay who they are', async () => {
    await track({ userId: 'mallory' }, 'Clicked');
    await track({ userId: 'victim' }, 'Clicked');
    await api.admin('PUT', '/v1/users/mallory/consent', { email: false });
    expect(await alias('mallory', 'victim')).toMatchObject(refused('/previousId'));
    expect(await alias('victim', 'mallory')).toMatchObject(refused('/previousId'));
    expect(await profileOf('victim')).toMatchObject({ previousIds: [], consent: {} });
    expect(await profileOf('mallory')).toMatchObject({ previousIds: [], consent: { email: false } });
    expect([await namesOf('mallory'), await namesOf('victim')]).toEqual([['Clicked', 'Unsubscribed'], ['Clicked']]);
  });

  test('in a batch the refused alias is rejected by name, and the other calls are stored', async () => {
    await track({ userId: 'one' }, 'Clicked');
    const batch = [
      { type: 'track', event: 'Saved' },
      { type: 'alias', previousId: 'one', messageId: 'm' },
      { type: 'alias', previousId: 'v11' },
      { type: 'nothing' },
      { type: 'track', event: 'Shared' },
    ].map((call) => ({ ...call, userId: 'two' }));
    expect(await api.write('/v1/batch', { batch })).toMatchObject({
      status: 200,
      body: {
        accepted: 3,
        duplicates: 0,
        rejected: [
          { index: 1, messageId: 'm', errors: [{ pointer: '/batch/1/previousId' }] },
          { index: 3, errors: [{ pointer: '/batch/3/type' }] },
        ],
      },
    });
    expect(await namesOf('two')).toEqual(['Saved', 'Alias', 'Shared']);
    expect(await profileOf('two')).toMatchObject({ previousIds: ['anon:v11'] });
  });

  test('a user of the same batch is refused too, even if nobody had heard of them', async () => {
    const batch = [
      { type: 'identify', userId: 'brand new' },
      { type: 'alias', previousId: 'brand new', userId: 'other' },
    ];
    expect(await api.write('/v1/batch', { batch })).toMatchObject({
      body: { accepted: 1, rejected: [{ index: 1, errors: [{ pointer: '/batch/1/previousId' }] }] },
    });
  });

  test('nobody can claim the id of a user to come', async () => {
    expect((await alias('comes later', 'mallory')).status).toBe(200);
    await track({ userId: 'comes later' }, 'Signed Up', { properties: { plan: 'free' } });
    expect(await profileOf('comes later')).toMatchObject({ id: 'comes later', previousIds: [] });
    expect(await namesOf('mallory')).not.toContain('Signed Up');
  });

  test('a visitor does not become another visitor', async () => {
    await track({ anonymousId: 'v12' }, 'Clicked');
    expect(await alias('v12', 'anon:v13')).toMatchObject(refused('/userId'));
    await track({ anonymousId: 'v12', userId: 'anon:v13' }, 'Saved');
    expect([await namesOf('anon:v12'), await namesOf('anon:v13')]).toEqual([['Clicked'], ['Saved']]);
  });

  test('an alias of the user’s own id changes nothing', async () => {
    await track({ userId: 'self' }, 'Clicked');
    expect(await alias('self', 'self')).toMatchObject({ status: 200, body: { accepted: 1 } });
    expect(await profileOf('self')).toMatchObject({ id: 'self', previousIds: [] });
  });

  test('a visitor who belongs to a user stays theirs', async () => {
    await track({ anonymousId: 'v14' }, 'Clicked');
    expect((await alias('v14', 'first of two')).status).toBe(200);
    expect((await alias('v14', 'second of two')).status).toBe(200);
    expect(await profileOf('first of two')).toMatchObject({ previousIds: ['anon:v14'] });
    expect(await profileOf('second of two')).toMatchObject({ previousIds: [] });
  });
});

describe('two users are merged', () => {
  const merged = async (send: (path: string, body: unknown) => Promise<Answer>, name: string): Promise<void> => {
    await track({ userId: `${name} old` }, 'Clicked');
    const call = { type: 'alias', previousId: `${name} old`, userId: `${name} new` };
    expect(await send('/v1/batch', { batch: [call] })).toMatchObject({ status: 200, body: { rejected: [] } });
    expect(await profileOf(`${name} old`)).toMatchObject({ id: `${name} new`, previousIds: [`${name} old`] });
  };

  test('with the admin key as bearer token', () => merged((path, body) => api.admin('POST', path, body), 'bearer'));

  test('and the previous id is still not an anonymous one', async () => {
    expect((await api.write('/v1/alias', { previousId: 'bearer old', userId: 'mallory' })).status).toBe(200);
    expect(await profileOf('bearer new')).toMatchObject({ previousIds: ['bearer old'] });
    expect(await profileOf('anon:bearer old')).toMatchObject({ status: 404 });
  });

  test('with the admin key where Segment’s libraries put their key', () =>
    merged((path, body) => api.write(path, body, { authorization: `Basic ${btoa(`${ADMIN_KEY}:`)}` }), 'basic'));

  test('with the write key, if the server is set so', async () => {
    const trusting = await startApi({ config: { ...api.deps.config, mergeUsersWith: 'write-key' } });
    try {
      await trusting.write('/v1/track', { userId: 'old', event: 'Clicked' });
      expect((await trusting.write('/v1/alias', { previousId: 'old', userId: 'new' })).status).toBe(200);
      expect((await trusting.admin('GET', '/v1/users/old')).body).toMatchObject({ id: 'new' });
    } finally {
      await trusting.stop();
    }
  });

  test('but not with an admin key in the body, where browsers put their key', async () => {
    const body = JSON.stringify({ writeKey: ADMIN_KEY, previousId: 'old', userId: 'new' });
    const headers = { 'content-type': 'application/json' };
    expect((await api.call('POST', '/v1/alias', { headers, body })).status).toBe(401);
  });
});

test('a request can have a thousand aliases; the rest are rejected by name, and other calls are stored', async () => {
  const aliases = Array.from({ length: MOST_ALIASES + 1 }, (_, n) => ({
    type: 'alias',
    previousId: `many ${n}`,
    userId: `many ${n % 2}`,
  }));
  const batch = [...aliases, { type: 'track', userId: 'many 0', event: 'Clicked' }];
  expect(await api.write('/v1/batch', { batch })).toMatchObject({
    status: 200,
    body: {
      accepted: MOST_ALIASES + 1,
      rejected: [{ index: MOST_ALIASES, errors: [{ pointer: `/batch/${MOST_ALIASES}/previousId` }] }],
    },
  });
});

test('events that arrive during a merge all end up with the merged user', async () => {
  for (let round = 0; round < 10; round++) {
    const [before, after] = [`before ${round}`, `after ${round}`];
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        n === 10
          ? api.admin('POST', '/v1/alias', { userId: after, previousId: before })
          : api.write('/v1/batch', {
              batch: [before, after].map((userId) => ({ type: 'track', userId, event: 'Clicked' })),
            }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200));
    expect([(await namesOf(before)).length, (await namesOf(after)).length]).toEqual([0, 59]);
    expect(await api.database.knex('users').where({ id: before })).toEqual([]);
  }
});
