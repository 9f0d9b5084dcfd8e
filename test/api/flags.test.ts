import { z } from 'zod';
import { signUserToken } from '../../config/tokens';
import { flags } from '../../engine/flags/define';
import { advanceUser } from './engine';
import { SECRET, startApi, testDefinitions, type Answer, type TestApi } from './server';
import { journey } from '../../engine/authoring/journey';
import { event } from '../../engine/authoring/event';

const granted = event('Granted', z.looseObject({}), {});
const access = journey('access', { enter: granted }, async (j) => {
  await j.flag('beta', 'beta', 'journey');
  await j.flag('only a journey knows', 'vip');
});
const DEFINED = flags({
  beta: { default: 'no', rules: [{ when: { traits: { plan: 'pro' } }, value: 'rule' }] },
  banner: { default: '', rules: [{ variants: { only: { weight: 1, value: 'Hi' } } }] },
});

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ code: { ...(await testDefinitions(access)), flags: DEFINED } });
});
afterAll(() => api.stop());

async function flagsOf(userId: string, headers: Record<string, string> = {}): Promise<Answer> {
  const authorization = `Bearer ${await signUserToken(SECRET, userId, 60_000)}`;
  return api.call('GET', '/v1/flags', { headers: { authorization, ...headers } });
}

test('a user gets the flags that the team defines, and the variants of experiments', async () => {
  await api.write('/v1/identify', { userId: 'ada', traits: { plan: 'pro' } });
  await api.write('/v1/identify', { userId: 'eve', traits: { plan: 'free' } });
  const [ada, eve] = [await flagsOf('ada'), await flagsOf('eve')];
  expect([ada.status, ada.body]).toEqual([
    200,
    { flags: { banner: 'Hi', beta: 'rule' }, variants: { banner: 'only' } },
  ]);
  expect(eve.body).toMatchObject({ flags: { beta: 'no' } });
});

test('what a journey has set wins, also without a definition', async () => {
  await api.write('/v1/track', { userId: 'gil', event: 'Granted' });
  await advanceUser(api, 'gil');
  expect((await flagsOf('gil')).body).toMatchObject({ flags: { beta: 'journey', vip: true } });
});

test('while nothing has changed, the ETag of an answer gets 304, and a change gets the new flags', async () => {
  await api.write('/v1/identify', { userId: 'kim', traits: { plan: 'free' } });
  const first = await flagsOf('kim');
  const etag = first.headers.get('etag') ?? '';
  expect(etag).toMatch(/^"[\w-]+"$/);
  const again = await flagsOf('kim', { 'if-none-match': `"other", W/${etag}` });
  expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
  await api.write('/v1/identify', { userId: 'kim', traits: { plan: 'pro' } });
  const changed = await flagsOf('kim', { 'if-none-match': etag });
  expect([changed.status, changed.body]).toMatchObject([200, { flags: { beta: 'rule' } }]);
});

test('pages of any origin read the flags and their ETag', async () => {
  const { headers } = await flagsOf('ada', { origin: 'https://shop.example.com' });
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.get('access-control-expose-headers')).toContain('ETag');
});

test('without a valid token there are no flags', async () => {
  expect((await api.call('GET', '/v1/flags')).status).toBe(401);
  expect((await api.admin('GET', '/v1/flags')).status).toBe(401);
});

test('an erased user has the flags of somebody of whom nothing is known', async () => {
  await api.write('/v1/identify', { userId: 'una', traits: { plan: 'pro' } });
  await api.admin('DELETE', '/v1/users/una');
  expect((await flagsOf('una')).body).toMatchObject({ flags: { beta: 'no' } });
});
