import { startApi, type TestApi } from './server';

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
  await api.write('/v1/alias', { previousId: 'ida', userId: 'anon:home' });
  const answer = await api.write('/v1/batch', {
    batch: [
      { ...device, userId: 'ida' },
      { ...device, userId: 'joan' },
    ],
  });
  expect(answer).toMatchObject({ status: 200, body: { accepted: 2 } });
  expect(await profileOf('joan')).toMatchObject({ id: 'joan', previousIds: [] });
  expect(await profileOf('ida')).toMatchObject({ id: 'anon:home' });
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

  await api.write('/v1/alias', { userId: 'now', previousId: 'old' });
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
    api.write('/v1/alias', { previousId, userId });
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

test('events that arrive during a merge all end up with the merged user', async () => {
  for (let round = 0; round < 10; round++) {
    const [before, after] = [`before ${round}`, `after ${round}`];
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        n === 10
          ? api.write('/v1/alias', { userId: after, previousId: before })
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
