import { DEFAULT_LIMITS, type Limits } from '../../api/limits';
import { signUnsubscribe, signUserToken } from '../../config/tokens';
import { ADMIN_KEY, SECRET, startApi, WRITE_KEY, type TestApi } from './server';

let api: TestApi;
afterEach(() => api.stop());

/** Starts an API with small limits, behind proxies that it trusts or none. */
async function start(limits: Partial<Limits>, trustedProxies: number | readonly string[] = 0): Promise<void> {
  const config = {
    writeKey: WRITE_KEY,
    adminKey: ADMIN_KEY,
    secret: SECRET,
    publicUrl: 'http://localhost:3000',
    mergeUsersWith: 'admin-key' as const,
    trustedProxies,
  };
  api = await startApi({ config, limits: { ...DEFAULT_LIMITS, ...limits } });
}

const BASIC = `Basic ${btoa(`${WRITE_KEY}:`)}`;
const event = JSON.stringify({ userId: 'ada', event: 'Clicked' });

/** The status of an event with a key, as a visitor at an address. */
async function track(authorization: string, from?: string): Promise<number> {
  const headers = { authorization, 'content-type': 'application/json', ...(from && { 'x-forwarded-for': from }) };
  return (await api.call('POST', '/v1/track', { headers, body: event })).status;
}

/** The status of opening a link, as a visitor at an address. */
async function open(path: string, method = 'GET', from?: string): Promise<number> {
  return (await api.call(method, path, { headers: from ? { 'x-forwarded-for': from } : {} })).status;
}

const linkOf = async (userId: string): Promise<string> =>
  `/u/${signUnsubscribe(SECRET, { userId, channel: 'email', messageId: 'm1' })}`;

describe('behind a proxy that is trusted', () => {
  test.each([
    ['by number', 1],
    ['by address', ['127.0.0.1']],
    ['by network', ['127.0.0.0/8', '::1/128']],
    ['by name', ['loopback']],
  ])('%s, visitors count by their own addresses', async (_how, trusted) => {
    await start({ writeKey: 2, refused: 1 }, trusted);
    const [one, other] = ['198.51.100.1', '198.51.100.2'];
    expect([await track(BASIC, one), await track(BASIC, one), await track(BASIC, one)]).toEqual([200, 200, 429]);
    expect(await track(BASIC, other)).toBe(200);
    expect([await track('Basic eA==', one), await track('Basic eA==', one)]).toEqual([401, 429]);
    expect(await track('Basic eA==', other)).toBe(401);
  });

  test('a visitor does not get another address by writing it in the header', async () => {
    await start({ writeKey: 1 }, 1);
    expect(await track(BASIC, '203.0.113.1, 198.51.100.1')).toBe(200);
    expect(await track(BASIC, '203.0.113.2, 198.51.100.1')).toBe(429);
  });
});

test('without a trusted proxy, or from one that is not, forwarded addresses are ignored', async () => {
  for (const trusted of [0, ['192.0.2.0/24']]) {
    if (trusted !== 0) await api.stop();
    await start({ writeKey: 1 }, trusted);
    expect([await track(BASIC, '198.51.100.1'), await track(BASIC, '198.51.100.2')]).toEqual([200, 429]);
  }
});

describe('whoever shares an address with one who sends what is refused', () => {
  test('goes on with a right key or token, in the header and in the body', async () => {
    await start({ refused: 2 });
    await track(BASIC);
    for (let n = 0; n < 5; n++) await track('Basic eA==');
    expect(await track('Basic eA==')).toBe(429);
    expect(await track(BASIC)).toBe(200);
    const body = JSON.stringify({ userId: 'ada', event: 'Clicked', writeKey: WRITE_KEY });
    expect((await api.call('POST', '/v1/t', { headers: { 'content-type': 'text/plain' }, body })).status).toBe(200);
    expect((await api.admin('GET', '/v1/users/ada')).status).toBe(200);
    const authorization = `Bearer ${await signUserToken(SECRET, 'ada', 60_000)}`;
    expect((await api.call('GET', '/v1/inbox', { headers: { authorization } })).status).toBe(200);
    expect(await open('/v1/push/key')).toBe(200);
  });

  test('can always open their own link and unsubscribe', async () => {
    await start({ refused: 2, public: 2 });
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push(await open('/u/nonsense'));
    for (let n = 0; n < 3; n++) statuses.push(await open('/docs'));
    expect(statuses).toEqual([404, 404, 429, 429, 200, 200, 429]);
    await api.write('/v1/track', { userId: 'ada', event: 'Clicked' });
    expect([await open(await linkOf('ada')), await open(await linkOf('ada'), 'POST')]).toEqual([200, 200]);
    expect((await api.admin('GET', '/v1/users/ada')).body).toMatchObject({ consent: { email: false } });
  });
});

test('links count by their user: one who opens theirs without end stops nobody else', async () => {
  await start({ signedLink: 2 });
  const ada = await linkOf('ada');
  expect([await open(ada), await open(ada, 'POST'), await open(ada, 'POST')]).toEqual([200, 200, 429]);
  expect(await open(await linkOf('grace'), 'POST')).toBe(200);
});
