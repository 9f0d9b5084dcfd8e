import { completeConsent } from '../../engine/model/consent';
import { signUnsubscribe, signUserToken } from '../../config/tokens';
import { asUser } from './as-user';
import { SECRET, startApi, type Answer, type TestApi } from './server';

const subscription = (n: number): object => ({
  endpoint: `https://push.example.com/${n}`,
  expirationTime: null,
  keys: { p256dh: 'BNc-R_7', auth: 'tBHI' },
});

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ addressesOf: async (name) => (name === 'inside.example.com' ? ['10.0.0.1'] : []) });
  for (const userId of ['ada', 'eve']) await api.write('/v1/track', { userId, event: 'Clicked' });
});
afterAll(() => api.stop());

/** Calls the API as the user's own client does. */
const as = (userId: string, method: string, path: string, body?: unknown): Promise<Answer> =>
  asUser(api, userId, method, path, body);

const consentOf = async (userId: string): Promise<unknown> =>
  ((await api.admin('GET', `/v1/users/${userId}`)).body as { consent: unknown }).consent;

describe('the inbox', () => {
  const MESSAGE = {
    user_id: 'ada',
    journey: 'onboarding',
    step: 'nudge',
    channel: 'inApp',
    template: 'nudge',
    status: 'sent',
    transactional: false,
    data: {},
    content: { kind: 'banner', title: 'Hello', body: 'there' },
    decided_at: 1,
    sent_at: 2,
    expires_at: 9_999_999_999_999,
  };
  const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
  const idsFor = async (userId: string): Promise<string[]> =>
    ((await as(userId, 'GET', '/v1/inbox')).body as { messages: { id: string }[] }).messages.map(
      (message) => message.id,
    );

  beforeAll(async () => {
    await api.database.knex('messages').insert([
      { ...MESSAGE, id: id(1) },
      { ...MESSAGE, id: id(2), decided_at: 5 },
      { ...MESSAGE, id: id(3), expires_at: 10 },
      { ...MESSAGE, id: id(4), status: 'suppressed', sent_at: null },
      { ...MESSAGE, id: id(5), channel: 'email' },
      { ...MESSAGE, id: id(6), user_id: 'eve' },
    ]);
  });

  test('lists the in-app messages sent to the user that have not expired, newest first', async () => {
    expect(await idsFor('ada')).toEqual([id(2), id(1)]);
    const { body } = await as('eve', 'GET', '/v1/inbox');
    expect(body).toEqual({
      messages: [
        {
          id: id(6),
          journey: 'onboarding',
          run: null,
          key: null,
          step: 'nudge',
          slot: null,
          content: { kind: 'banner', title: 'Hello', body: 'there' },
          sentAt: '1970-01-01T00:00:00.002Z',
          expiresAt: '2286-11-20T17:46:39.999Z',
          seenAt: null,
          clickedAt: null,
          answeredAt: null,
          answer: null,
          answers: null,
        },
      ],
    });
  });

  test('records when the user first saw and clicked a message, and leaves out dismissed ones', async () => {
    const row = (): Promise<Record<string, unknown> | undefined> =>
      api.database
        .knex('messages')
        .where({ id: id(1) })
        .first();
    const before = Date.now();
    expect((await as('ada', 'POST', `/v1/inbox/${id(1)}/clicked`)).status).toBe(204);
    const { seen_at: seenAt, clicked_at: clickedAt } = (await row()) ?? {};
    expect([Number(seenAt) >= before, seenAt === clickedAt]).toEqual([true, true]);
    expect((await as('ada', 'POST', `/v1/inbox/${id(1)}/seen`)).status).toBe(204);
    expect(await row()).toMatchObject({ seen_at: seenAt, clicked_at: clickedAt, dismissed_at: null });

    expect((await as('ada', 'POST', `/v1/inbox/${id(1)}/dismissed`)).status).toBe(204);
    expect(await idsFor('ada')).toEqual([id(2)]);
  });

  test('refuses actions on messages of other users and channels, and unknown actions', async () => {
    expect((await as('eve', 'POST', `/v1/inbox/${id(2)}/dismissed`)).status).toBe(404);
    expect((await as('ada', 'POST', `/v1/inbox/${id(5)}/seen`)).status).toBe(404);
    expect((await as('ada', 'POST', '/v1/inbox/nonsense/seen')).status).toBe(422);
    expect((await as('ada', 'POST', `/v1/inbox/${id(2)}/burnt`)).status).toBe(422);
    expect(await idsFor('ada')).toEqual([id(2)]);
  });
});

test.each([
  ['no token', {}],
  ['a malformed token', { authorization: `Bearer ${'x'.repeat(40)}` }],
])('a browser without a valid token gets 401: %s', async (_what, headers) => {
  expect((await api.call('GET', '/v1/inbox', { headers })).status).toBe(401);
});

test('an expired token, or one for another purpose, is refused', async () => {
  const expired = await signUserToken(SECRET, 'ada', -1_000);
  const unsubscribe = signUnsubscribe(SECRET, { userId: 'ada', channel: 'email', messageId: 'm' });
  for (const token of [expired, unsubscribe]) {
    expect((await api.call('GET', '/v1/inbox', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
  }
  const forPages = await signUserToken(SECRET, 'ada', 60_000);
  expect((await api.call('GET', `/u/${forPages}`)).status).toBe(404);
});

describe('push notifications', () => {
  const endpointsOf = (userId: string): Promise<string[]> =>
    api.database.knex('push_subscriptions').where({ user_id: userId }).orderBy('created_at').pluck('endpoint');

  test('anyone may fetch the public key', async () => {
    const answer = await api.call('GET', '/v1/push/key', { headers: { origin: 'https://app.example.com' } });
    expect(answer).toMatchObject({ status: 200, body: { publicKey: 'vapid-public-key' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('a browser is subscribed once, and only for the user who subscribed it last', async () => {
    expect((await as('ada', 'POST', '/v1/push/subscriptions', subscription(1))).status).toBe(204);
    expect((await as('ada', 'POST', '/v1/push/subscriptions', subscription(1))).status).toBe(204);
    expect(await endpointsOf('ada')).toEqual(['https://push.example.com/1']);
    await as('eve', 'POST', '/v1/push/subscriptions', subscription(1));
    expect([await endpointsOf('ada'), await endpointsOf('eve')]).toEqual([[], ['https://push.example.com/1']]);
    expect((await as('ada', 'DELETE', '/v1/push/subscriptions', subscription(1))).status).toBe(404);
    expect((await as('eve', 'DELETE', '/v1/push/subscriptions', subscription(1))).status).toBe(204);
    expect(await endpointsOf('eve')).toEqual([]);
  });

  test('a browser may say which key it subscribed with, which is kept', async () => {
    const said = { ...subscription(1), applicationServerKey: 'vapid-public-key' };
    expect((await as('eve', 'POST', '/v1/push/subscriptions', said)).status).toBe(204);
    const keys = await api.database.knex('push_subscriptions').where({ user_id: 'eve' }).pluck('vapid_key');
    expect(keys).toEqual(['vapid-public-key']);
    await as('eve', 'DELETE', '/v1/push/subscriptions', subscription(1));
  });

  test('a user keeps the twenty newest subscriptions at most', async () => {
    for (let n = 0; n < 22; n++) await as('ada', 'POST', '/v1/push/subscriptions', subscription(n));
    const endpoints = await endpointsOf('ada');
    expect(endpoints).toHaveLength(20);
    expect(endpoints).toContain('https://push.example.com/21');
    expect(endpoints).not.toContain('https://push.example.com/0');
  });

  test.each([
    ['an endpoint that is not a URL', { endpoint: 'push' }, '/endpoint'],
    ['an endpoint without TLS', { endpoint: 'http://push.example.com/1' }, '/endpoint'],
    ['an endpoint in an internal network', { endpoint: 'https://169.254.169.254/latest' }, '/endpoint'],
    ['an endpoint whose name has an internal address', { endpoint: 'https://inside.example.com/1' }, '/endpoint'],
    ['the key of another sender', { applicationServerKey: 'BAnother' }, '/applicationServerKey'],
    ['an endpoint with an invalid character', { endpoint: 'https://push.example.com/\0' }, '/endpoint'],
    [
      'an endpoint too long for the index',
      { endpoint: `https://push.example.com/${'\u6f22'.repeat(1_900)}` },
      '/endpoint',
    ],
    ['no keys', { keys: undefined }, '/keys'],
    ['a malformed key', { keys: { p256dh: '<>', auth: 'a' } }, '/keys/p256dh'],
  ])('a subscription with %s is refused', async (_what, change, pointer) => {
    const answer = await as('ada', 'POST', '/v1/push/subscriptions', { ...subscription(1), ...change });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });
});

test('a user’s client reads and sets their preferences', async () => {
  expect((await as('ada', 'GET', '/v1/preferences')).body).toEqual({
    channels: completeConsent({}),
    topics: {},
  });
  const answer = await as('ada', 'PUT', '/v1/preferences', { channels: { webPush: false } });
  expect(answer.body).toEqual({ channels: completeConsent({ webPush: false }), topics: {} });
  expect(await consentOf('ada')).toEqual({ webPush: false });
});

// A token of the previous id must not open the other user's inbox: it may be on a device that somebody else uses now.
test('a token is refused once its id is an alias of another user', async () => {
  await api.write('/v1/identify', { userId: 'victim', traits: { plan: 'pro' } });
  await api.write('/v1/identify', { userId: 'mallory' });
  const answers = async (): Promise<number[]> => [
    (await as('mallory', 'GET', '/v1/inbox')).status,
    (await as('mallory', 'GET', '/v1/preferences')).status,
    (await as('mallory', 'PUT', '/v1/preferences', { channels: { email: false } })).status,
    (await as('mallory', 'POST', '/v1/push/subscriptions', subscription(1))).status,
  ];
  expect(await answers()).toEqual([200, 200, 200, 204]);
  await api.admin('POST', '/v1/alias', { userId: 'victim', previousId: 'mallory' });
  expect(await answers()).toEqual([401, 401, 401, 401]);
});

test('a token of an erased user gets 404', async () => {
  await api.write('/v1/identify', { userId: 'became' });
  await api.admin('DELETE', '/v1/users/became');
  expect((await as('became', 'GET', '/v1/preferences')).status).toBe(404);
  expect(
    (
      await as('became', 'POST', '/v1/push/subscriptions', {
        endpoint: 'https://p.example.com',
        keys: { p256dh: 'a', auth: 'b' },
      })
    ).status,
  ).toBe(404);
});

describe('an unsubscribe link', () => {
  const linkFor = async (userId: string): Promise<string> =>
    `/u/${signUnsubscribe(SECRET, { userId, channel: 'email', messageId: 'm1' })}`;

  test('changes nothing when it is only opened, because mail scanners open links too', async () => {
    const page = await api.call('GET', await linkFor('eve'));
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.text).toContain(
      '<form method="post" action="?from=page"><button class="primary">Unsubscribe</button></form>',
    );
    expect(await consentOf('eve')).toEqual({});
  });

  test.each([
    ['the page’s button', { 'content-type': 'application/x-www-form-urlencoded' }, ''],
    [
      'a mail program’s one click',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'List-Unsubscribe=One-Click',
    ],
    ['a mail program that sends a multipart form', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--'],
  ])('unsubscribes on POST, by %s', async (how, headers, body) => {
    await api.write('/v1/track', { userId: how, event: 'Clicked' });
    const page = await api.call('POST', await linkFor(how), { headers, body });
    expect([page.status, page.text.includes('no more emails')]).toEqual([200, true]);
    expect(await consentOf(how)).toEqual({ email: false });
    expect((await api.call('POST', await linkFor(how), { headers, body })).status).toBe(200);
    const events = await api.database
      .knex('events')
      .where({ user_id: how, type: 'consent' })
      .select('name', 'properties');
    expect(events).toEqual([{ name: 'Unsubscribed', properties: { channel: 'email', source: 'one-click' } }]);
  });

  test('gets 404 if it is malformed or forged, and does no harm if its user is erased', async () => {
    expect((await api.call('GET', '/u/nonsense')).status).toBe(404);
    expect((await api.call('POST', `${await linkFor('eve')}x`)).status).toBe(404);
    expect((await api.call('POST', await linkFor('erased'))).status).toBe(200);
  });
});
