import { signUserToken } from '../../config/tokens';
import { flags } from '../../engine/flags/define';
import { DEFAULT_LIMITS } from '../../api/limits';
import { ADMIN_KEY, SECRET, startApi, testDefinitions, WRITE_KEY, type Answer, type TestApi } from './server';

/** The OpenFeature Remote Evaluation Protocol, as its OpenAPI document describes it. */

const DEFINED = flags({
  static: { default: 20 },
  pro: { default: false, rules: [{ when: { traits: { plan: 'pro' } }, value: true }] },
  abroad: { default: false, rules: [{ when: { traits: { country: { not: 'DE' } } }, value: true }] },
  banner: { default: '', rules: [{ variants: { only: { weight: 1, value: 'Hi' } } }] },
  theme: { default: { color: 'blue' }, rules: [{ percentage: 100, value: { color: 'red' } }] },
});

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ code: { ...(await testDefinitions()), flags: DEFINED } });
  await api.write('/v1/identify', { userId: 'ada', traits: { plan: 'pro' } });
});
afterAll(() => api.stop());

const ALL = '/ofrep/v1/evaluate/flags';
const asServer = (path: string, body: unknown): Promise<Answer> => api.admin('POST', path, body);
async function asUser(userId: string, path: string, body: unknown, headers: object = {}): Promise<Answer> {
  const authorization = `Bearer ${await signUserToken(SECRET, userId, 60_000)}`;
  return api.call('POST', path, {
    headers: { authorization, 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  });
}
const of = (targetingKey: unknown, attributes: object = {}): object => ({ context: { targetingKey, ...attributes } });

test('a single flag has its value, the reason and the variant', async () => {
  const evaluate = async (key: string): Promise<unknown> => (await asServer(`${ALL}/${key}`, of('ada'))).body;
  expect(await evaluate('static')).toEqual({ key: 'static', value: 20, reason: 'STATIC' });
  expect(await evaluate('pro')).toEqual({ key: 'pro', value: true, reason: 'TARGETING_MATCH' });
  expect(await evaluate('banner')).toEqual({ key: 'banner', value: 'Hi', reason: 'SPLIT', variant: 'only' });
  expect(await evaluate('theme')).toEqual({ key: 'theme', value: { color: 'red' }, reason: 'SPLIT' });
});

test('all flags have their values, and the ETag gets 304 while nothing has changed', async () => {
  const first = await asUser('ada', ALL, { context: {} });
  expect([first.status, first.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  const { flags: evaluated } = first.body as { flags: { key: string }[] };
  expect(evaluated.map(({ key }) => key)).toEqual(['abroad', 'banner', 'pro', 'static', 'theme']);
  const again = await asUser('ada', ALL, { context: {} }, { 'if-none-match': first.headers.get('etag') });
  expect([again.status, again.text]).toEqual([304, '']);
});

test('a server says what Sojourn does not know of a user, and what Sojourn knows holds', async () => {
  const evaluate = async (key: string, user: string, attributes: object): Promise<unknown> =>
    ((await asServer(`${ALL}/${key}`, of(user, attributes))).body as { value: unknown }).value;
  expect(await evaluate('pro', 'ada', { plan: 'free' })).toBe(true);
  expect(await evaluate('abroad', 'ada', { country: 'DE' })).toBe(false);
  expect(await evaluate('pro', 'nobody knows them', { plan: 'pro' })).toBe(true);
  expect(await evaluate('pro', 'nobody knows them', {})).toBe(false);
  expect(await api.admin('GET', '/v1/users/nobody%20knows%20them')).toMatchObject({ status: 404 });
});

test('a user token reads the flags of its user, and says nothing of them', async () => {
  expect((await asUser('eve', `${ALL}/pro`, { context: { plan: 'pro' } })).body).toMatchObject({ value: false });
  expect((await asUser('ada', `${ALL}/pro`, of('ada'))).body).toMatchObject({ value: true });
  for (const path of [ALL, `${ALL}/pro`]) {
    const refused = await asUser('eve', path, of('ada'));
    expect([refused.status, refused.text.includes('ada')]).toEqual([403, false]);
  }
});

test('a flag that does not exist gets 404 FLAG_NOT_FOUND', async () => {
  const { status, body, headers } = await asServer(`${ALL}/constructor`, of('ada'));
  expect([status, body]).toEqual([
    404,
    { key: 'constructor', errorCode: 'FLAG_NOT_FOUND', errorDetails: "There is no flag 'constructor'." },
  ]);
  expect(headers.get('content-type')).toContain('application/json');
});

test.each<[string, string, unknown]>([
  ['no targetingKey', 'TARGETING_KEY_MISSING', { context: {} }],
  ['no context', 'TARGETING_KEY_MISSING', {}],
  ['an empty targetingKey', 'TARGETING_KEY_MISSING', of('')],
  ['a targetingKey that is null', 'TARGETING_KEY_MISSING', of(null)],
  ['a targetingKey that is no text', 'INVALID_CONTEXT', of({ id: 1 })],
  ['a targetingKey that is too long', 'INVALID_CONTEXT', of('x'.repeat(206))],
  ['a context that is no object', 'INVALID_CONTEXT', { context: ['ada'] }],
  ['a body that is no object', 'PARSE_ERROR', ['ada']],
])('%s gets 400 %s', async (_, errorCode, body) => {
  const [one, all] = [await asServer(`${ALL}/pro`, body), await asServer(ALL, body)];
  expect([one.status, all.status]).toEqual([400, 400]);
  expect(one.body).toEqual({ key: 'pro', errorCode, errorDetails: expect.any(String) as unknown });
  expect(all.body).toEqual({ errorCode, errorDetails: expect.any(String) as unknown });
});

test('a body that is not JSON gets 400 PARSE_ERROR', async () => {
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
  const broken = (path: string): Promise<Answer> => api.call('POST', path, { headers, body: '{' });
  expect(await broken(`${ALL}/pro`)).toMatchObject({ status: 400, body: { key: 'pro', errorCode: 'PARSE_ERROR' } });
  expect(await broken(ALL)).toMatchObject({ status: 400, body: { errorCode: 'PARSE_ERROR' } });
});

test('without a key or token there is 401, also with the write key, which every browser has', async () => {
  const call = async (authorization?: string): Promise<number> =>
    (
      await api.call('POST', ALL, {
        headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
        body: JSON.stringify(of('ada')),
      })
    ).status;
  expect(await call()).toBe(401);
  expect(await call(`Bearer ${WRITE_KEY}`)).toBe(401);
  expect(await call(`Basic ${btoa(`${WRITE_KEY}:`)}`)).toBe(401);
});

test('one request too many gets 429 with Retry-After, for each user of a token alone', async () => {
  const strict = await startApi({
    code: { ...(await testDefinitions()), flags: DEFINED },
    limits: { ...DEFAULT_LIMITS, userToken: 2, adminKey: 1_000 },
  });
  try {
    const evaluate = async (userId: string): Promise<Answer> =>
      strict.call('POST', ALL, {
        headers: {
          authorization: `Bearer ${await signUserToken(SECRET, userId, 60_000)}`,
          'content-type': 'application/json',
        },
        body: '{}',
      });
    for (let n = 0; n < 2; n++) expect((await evaluate('eve')).status).toBe(200);
    const refused = await evaluate('eve');
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect((await evaluate('ada')).status).toBe(200);
    expect((await strict.admin('POST', ALL, of('eve'))).status).toBe(200);
  } finally {
    await strict.stop();
  }
});
