import { Release } from '../../store/releases';
import { startApi, WRITE_KEY, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => void (api = await startApi()));
afterAll(() => api.stop());

const minuteAgo = (): string => new Date(Date.now() - 60_000).toISOString();
const signedUp = (userId: string, more: object = {}): object => ({
  type: 'track',
  event: 'Signed Up',
  userId,
  properties: { plan: 'free' },
  timestamp: minuteAgo(),
  ...more,
});

const stored = (userId: string): Promise<unknown> =>
  api.database.knex('events').where({ user_id: userId }).select('name', 'history', 'pending').orderBy('id');

test('calls of a batch with context.history are stored as history and wake nobody', async () => {
  const { body } = await api.write('/v1/import', {
    context: { history: true },
    batch: [signedUp('ada'), signedUp('bob')],
  });
  expect(body).toMatchObject({ accepted: 2, rejectedCount: 0 });
  expect(await stored('ada')).toEqual([{ name: 'Signed Up', history: true, pending: false }]);
  expect(api.woken).toEqual([]);
});

test('calls of the route for history are history, whatever they say', async () => {
  const batch = [signedUp('bea'), signedUp('bea', { context: { history: false } })];
  expect((await api.write('/v1/import/history', { batch })).body).toMatchObject({ accepted: 2, rejectedCount: 0 });
  expect(await stored('bea')).toMatchObject([
    { history: true, pending: false },
    { history: true, pending: false },
  ]);
  expect(await api.write('/v1/import/history', { batch: [] })).toMatchObject({ status: 422 });
});

test('a call can say so itself, and one that does not is received as ever', async () => {
  const batch = [signedUp('cleo', { context: { history: true } }), signedUp('dan')];
  expect((await api.write('/v1/batch', { batch })).body).toMatchObject({ accepted: 2 });
  expect(await stored('cleo')).toMatchObject([{ history: true, pending: false }]);
  expect(await stored('dan')).toMatchObject([{ history: false, pending: true }]);
  expect(api.woken.map(({ userId }) => userId)).toEqual(['dan']);
});

test.each(['yes', 1, {}])(
  'history that is %j is refused, so that nobody gets a message by mistake',
  async (history) => {
    const wrong = await api.write('/v1/import', { context: { history }, batch: [signedUp('eve')] });
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ pointer: '/context/history' }] } });
    const call = await api.write('/v1/import', { batch: [signedUp('eve', { context: { history } })] });
    expect(call).toMatchObject({ status: 422, body: { errors: [{ pointer: '/batch/0/context/history' }] } });
    expect(await stored('eve')).toEqual([]);
  },
);

test.each(['01.03.2025 09:00', 'yesterday', 5, {}])(
  'history with the time %j is refused, because it would have happened now',
  async (time) => {
    for (const name of ['timestamp', 'originalTimestamp']) {
      const call = signedUp('gil', { timestamp: undefined, [name]: time });
      const { status, body } = await api.write('/v1/import', { context: { history: true }, batch: [call] });
      const errors = [{ pointer: `/batch/0/${name}`, detail: 'cannot be read as a time' }];
      expect([status, body]).toMatchObject([422, { errors }]);
    }
    const channels = { email: true };
    const consent = { type: 'identify', userId: 'gil', context: { history: true, consent: { channels, at: time } } };
    const refused = await api.admin('POST', '/v1/import', { batch: [consent] });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/batch/0/context/consent/at' }] } });
    expect(await stored('gil')).toEqual([]);
  },
);

test('any other context of a batch is ignored, as clients send it', async () => {
  for (const context of [[], 'x', null, { library: { name: 'x' } }])
    expect((await api.write('/v1/batch', { context, batch: [signedUp('fay')] })).status).toBe(200);
});

describe('consent', () => {
  const identify = (userId: string, channels: object, more: object = {}): object => ({
    type: 'identify',
    userId,
    traits: { email: `${userId}@example.com` },
    context: { history: true, consent: { channels, at: '2025-01-05T10:00:00Z', source: 'old shop', ...more } },
  });
  const post = (...batch: object[]): ReturnType<TestApi['admin']> => api.admin('POST', '/v1/import', { batch });
  const consentOf = async (id: string): Promise<unknown> =>
    (await api.database.knex('users').where({ id }).first<{ consent: unknown }>('consent')).consent;

  test('is imported with its time and source, and wakes nobody', async () => {
    expect((await post(identify('gus', { email: false, webPush: true }))).body).toMatchObject({ accepted: 1 });
    expect(await consentOf('gus')).toEqual({ email: false, webPush: true });
    const events = api.database.knex('events').where({ user_id: 'gus', type: 'consent' }).orderBy('name');
    expect(await events.select('name', 'at', 'properties', 'history', 'pending')).toEqual([
      {
        name: 'Consent Given',
        at: Date.parse('2025-01-05T10:00:00Z'),
        properties: { channel: 'webPush', source: 'old shop' },
        history: true,
        pending: false,
      },
      {
        name: 'Unsubscribed',
        at: Date.parse('2025-01-05T10:00:00Z'),
        properties: { channel: 'email', source: 'old shop' },
        history: true,
        pending: false,
      },
    ]);
    expect(await api.database.knex('suppressed_addresses').where({ cause: 'opted out' })).toHaveLength(1);
  });

  test('that was given here stays', async () => {
    await post(identify('hal', {}));
    await api.admin('PUT', '/v1/users/hal/consent', { email: false });
    expect((await post(identify('hal', { email: true, inApp: true }))).body).toMatchObject({ accepted: 1 });
    expect(await consentOf('hal')).toEqual({ email: false, inApp: true });
  });

  const at = (day: string): object => ({ at: `2025-${day}T10:00:00Z` });
  const suppressed = (email: string): Promise<unknown[]> =>
    api.database.knex('suppressed_addresses').whereRaw('address = address_key(?)', [email]).pluck('cause');

  test('of two imported answers is that of the later one, in whatever order they come', async () => {
    await post(identify('joy', { email: true, inApp: true }, at('01-05')));
    await post(identify('joy', { email: false, inApp: false }, at('02-05')));
    await post(identify('joy', { inApp: true }, at('03-05')), identify('joy', { email: true }, at('01-20')));
    expect(await consentOf('joy')).toEqual({ email: false, inApp: true });
    expect(await suppressed('joy@example.com')).toEqual(['opted out']);
    await post(identify('kim', { email: false }, at('02-05')), identify('kim', { email: true }, at('01-05')));
    expect(await consentOf('kim')).toEqual({ email: false });
    await post(identify('kim', { email: true }, at('03-05')));
    expect(await consentOf('kim')).toEqual({ email: true });
    // Only an answer that is given here opens the address again.
    expect(await suppressed('kim@example.com')).toEqual(['opted out']);
  });

  test('is no where it is unknown whether a no or a yes came later', async () => {
    await post(identify('lea', { email: true }, at('02-05')));
    await post({ ...identify('lea', { email: false }, { at: undefined }), timestamp: '2025-01-05' });
    expect(await consentOf('lea')).toEqual({ email: false });
    await post(identify('max', { email: false, inApp: true }, at('02-05')));
    await post(identify('max', { email: true, inApp: false }, at('02-05')));
    expect(await consentOf('max')).toEqual({ email: false, inApp: false });
  });

  test('that was given here stays, also where it repeated an imported one', async () => {
    await post(identify('nat', { email: false, inApp: true }, at('01-05')));
    await api.admin('PUT', '/v1/users/nat/consent', { email: false, inApp: true });
    await post(identify('nat', { email: true, inApp: false }, at('02-05')));
    expect(await consentOf('nat')).toEqual({ email: false, inApp: true });
  });

  test('of a call that is not stored, or was stored before, is not taken', async () => {
    const large = { large: 'x'.repeat(31_000) };
    for (const n of [1, 2, 3, 4]) await post({ type: 'identify', userId: 'ola', traits: { [`large${n}`]: large } });
    const tooLarge = { ...identify('ola', { email: false }, at('02-05')), traits: { email: 'x@example.com', large } };
    expect((await post(tooLarge)).status).toBe(422);
    expect(await consentOf('ola')).toEqual({});
    await post({ ...identify('ola', { email: true }, at('01-05')), messageId: 'yes of ola' });
    expect(
      (await post({ ...identify('ola', { email: false }, at('02-05')), messageId: 'yes of ola' })).body,
    ).toMatchObject({
      duplicates: 1,
    });
    expect(await consentOf('ola')).toEqual({ email: true });
    expect(await suppressed('ola@example.com')).toEqual([]);
  });

  test('needs the admin key, and history', async () => {
    const refused = await api.write('/v1/import', { batch: [identify('ida', { email: true })] });
    expect(refused.body).toMatchObject({
      errors: [{ pointer: '/batch/0/context/consent', detail: 'needs the admin key' }],
    });
    const live = { ...identify('ida', { email: true }), context: { consent: { channels: { email: true } } } };
    expect((await post(live)).body).toMatchObject({ errors: [{ pointer: '/batch/0/context/consent' }] });
    expect(await stored('ida')).toEqual([]);
  });
});

describe('while workers of a release that does not know history are alive', () => {
  beforeEach(() => api.database.knex('releases').insert({ version: 'older', journeys: { '': 'x', welcome: 'y' } }));
  afterEach(() => api.database.knex('releases').del());

  test('history is not stored, and the answer says when to try again', async () => {
    const body = JSON.stringify({ context: { history: true }, batch: [signedUp('jo')] });
    const authorization = `Basic ${btoa(`${WRITE_KEY}:`)}`;
    const past = await api.call('POST', '/v1/import', { headers: { authorization }, body });
    expect(past).toMatchObject({ status: 503, body: { detail: expect.stringContaining('every worker') as string } });
    expect(past.headers.get('Retry-After')).toBe('15');
    expect(await stored('jo')).toEqual([]);
    expect((await api.write('/v1/batch', { batch: [signedUp('jo')] })).body).toMatchObject({ accepted: 1 });
  });

  test('history is stored again a minute after their last sign of life, and beside workers that know it', async () => {
    await api.database.knex('releases').update({ seen_at: new Date(Date.now() - 61_000) });
    await new Release(api.database.pool).become({ version: 'newer', fingerprints: {} });
    const past = await api.write('/v1/import', { context: { history: true }, batch: [signedUp('kim')] });
    expect(past.body).toMatchObject({ accepted: 1 });
  });
});
