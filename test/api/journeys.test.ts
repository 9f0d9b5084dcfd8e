import { advanceUser } from './engine';
import { startApi, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const meet = (userId: string): Promise<unknown> =>
  api.write('/v1/identify', { userId, traits: { email: 'a@example.com' } });
const runsOf = async (userId: string): Promise<unknown> => {
  await advanceUser(api, userId);
  return ((await api.admin('GET', `/v1/users/${userId}`)).body as { runs: unknown }).runs;
};

test('journeys are listed with their runs by status', async () => {
  await meet('one');
  await api.write('/v1/track', { userId: 'one', event: 'Order Placed', properties: { orderId: 'A-1' } });
  await advanceUser(api, 'one');
  expect((await api.admin('GET', '/v1/journeys')).body).toEqual({
    journeys: [
      {
        id: 'onboarding',
        enter: 'Signed Up',
        reenter: 'never',
        keyed: false,
        exit: [],
        goal: 'Project Created',
        transactional: false,
        stored: null,
        since: null,
        runs: { active: 0, completed: 0, exited: 0, failed: 0 },
      },
      expect.objectContaining({ id: 'order', keyed: true, runs: { active: 1, completed: 0, exited: 0, failed: 0 } }),
    ],
  });
});

test('a journey is shown with its steps, the number of users at each, and a diagram', async () => {
  for (const userId of ['two', 'three']) {
    await meet(userId);
    await api.write('/v1/track', { userId, event: 'Signed Up', properties: { plan: 'pro' } });
    await advanceUser(api, userId);
  }
  await api.database.knex('runs').where({ user_id: 'three' }).update({ position: 'a step of yesterday' });
  const { body } = await api.admin('GET', '/v1/journeys/onboarding');
  expect(body).toMatchObject({
    id: 'onboarding',
    runs: { active: 2 },
    steps: [
      { step: 'welcome', kind: 'send', active: 0 },
      { step: 'first project', kind: 'waitFor', active: 1, failed: 0 },
      { step: 'nudge', kind: 'send', active: 0 },
    ],
    removedSteps: [{ step: 'a step of yesterday', active: 1, failed: 0 }],
  });
  const { diagram } = body as { diagram: string };
  expect(diagram.split('\n')[0]).toBe('flowchart TD');
  expect(diagram).toMatch(/s1 -->\|"timeout"\| s2/);
  expect(await api.admin('GET', '/v1/journeys/unknown')).toMatchObject({ status: 404 });
});

test('support can add a user to a journey, with valid properties of its event, and take them out', async () => {
  await meet('entering');
  const path = '/v1/users/entering/journeys/onboarding';
  const refused = await api.admin('POST', path, { properties: { plan: 'golden' } });
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/properties/plan' }] } });

  const call = { properties: { plan: 'pro' }, messageId: 'ticket 7' };
  expect(await api.admin('POST', path, call)).toMatchObject({
    status: 202,
    body: { messageId: 'ticket 7', duplicate: false },
  });
  expect(await api.admin('POST', path, call)).toMatchObject({ status: 202, body: { duplicate: true } });
  expect(api.woken.filter(({ userId }) => userId === 'entering')).toMatchObject([{ name: 'sojourn:enter:onboarding' }]);
  expect(await runsOf('entering')).toMatchObject([{ journey: 'onboarding', status: 'active' }]);

  expect(await api.admin('DELETE', path)).toMatchObject({ status: 202, body: { duplicate: false } });
  expect(await runsOf('entering')).toMatchObject([
    { journey: 'onboarding', status: 'exited', reason: 'taken out by hand' },
  ]);
  expect((await api.admin('POST', '/v1/users/entering/journeys/unknown', {})).status).toBe(404);
  expect((await api.admin('DELETE', '/v1/users/entering/journeys/unknown')).status).toBe(404);
});

test('support can end a single run of a keyed journey', async () => {
  await meet('keyed');
  for (const orderId of ['A-1', 'A-2'])
    await api.write('/v1/track', { userId: 'keyed', event: 'Order Placed', properties: { orderId } });
  await advanceUser(api, 'keyed');
  await api.admin('DELETE', '/v1/users/keyed/journeys/order?key=A-1');
  const runs = (await runsOf('keyed')) as { key: string; status: string }[];
  expect(Object.fromEntries(runs.map(({ key, status }) => [key, status]))).toEqual({
    'A-1': 'exited',
    'A-2': 'active',
  });
});

test('a transactional message goes out at once, and a repeated request sends no second one', async () => {
  await meet('buyer');
  const call = {
    userId: 'buyer',
    channels: ['webPush', 'email'],
    template: 'receipt',
    data: { total: '9 €' },
    messageId: 'receipt 9',
  };
  expect(await api.admin('POST', '/v1/messages', call)).toMatchObject({
    status: 202,
    body: { messageId: 'receipt 9', duplicate: false },
  });
  expect(await api.admin('POST', '/v1/messages', call)).toMatchObject({ status: 202, body: { duplicate: true } });
  await advanceUser(api, 'buyer');
  expect(await api.database.knex('messages').where({ user_id: 'buyer' })).toMatchObject([
    { channel: 'email', template: 'receipt', data: { total: '9 €' }, transactional: true },
  ]);
});

test('an event, a message and an entry by hand may have the same message id', async () => {
  await meet('namer');
  await api.write('/v1/track', { userId: 'namer', event: 'Clicked', messageId: 'order 17' });
  for (const [path, body] of [
    ['/v1/messages', { userId: 'namer', channels: 'email', template: 'receipt', messageId: 'order 17' }],
    ['/v1/users/namer/journeys/onboarding', { properties: { plan: 'pro' }, messageId: 'order 17' }],
  ] as const)
    expect(await api.admin('POST', path, body)).toMatchObject({
      status: 202,
      body: { messageId: 'order 17', duplicate: false },
    });
});

test.each([
  ['an unknown template', { template: 'unknown' }, '/template'],
  ['an unknown channel', { channels: ['email', 'fax'] }, '/channels/1'],
  ['what is no name of a channel', { channels: 'SMS' }, '/channels'],
  ['no channel', { channels: [] }, '/channels'],
  ['no user', { userId: undefined }, '/userId'],
  ['data that is not an object', { data: 'text' }, '/data'],
  ['too much data', { data: { text: 'x'.repeat(40_000) } }, '/data'],
])('a message with %s is refused', async (_what, change, pointer) => {
  const answer = await api.admin('POST', '/v1/messages', {
    userId: 'one',
    channels: 'email',
    template: 'receipt',
    ...change,
  });
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
});
