import { asUser } from './as-user';
import { startApi, type Answer, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  for (const userId of ['ada', 'eve']) await api.write('/v1/track', { userId, event: 'Clicked' });
});
afterAll(() => api.stop());
afterEach(() => api.database.knex('push_devices').delete());

const PATH = '/v1/push/devices';
const HEX = 'ab12'.repeat(16);
const as = (userId: string, method: string, body?: unknown): Promise<Answer> => asUser(api, userId, method, PATH, body);
const stored = (userId: string): Promise<object[]> =>
  api.database
    .knex('push_devices')
    .where({ user_id: userId })
    .orderBy('last_seen_at')
    .select('service', 'token', 'platform', 'app');

test('a device is registered once, and only for the user who registered it last', async () => {
  const device = { token: HEX, platform: 'ios', app: 'com.example.app' };
  for (const userId of ['ada', 'ada', 'eve']) expect((await as(userId, 'POST', device)).status).toBe(204);
  expect([await stored('ada'), await stored('eve')]).toEqual([[], [{ ...device, service: 'apns' }]]);
  expect((await as('ada', 'DELETE', { token: HEX })).status).toBe(404);
  expect((await as('eve', 'DELETE', { token: HEX })).status).toBe(204);
  expect(await stored('eve')).toEqual([]);
});

test('the language of a device is kept, as the app told it last', async () => {
  const localeOf = (): Promise<(string | null)[]> => api.database.knex('push_devices').pluck('locale');
  const device = { token: 't', platform: 'android' };
  for (const [locale, kept] of [
    ['de_AT', 'de-AT'],
    [undefined, null],
  ] as const) {
    expect((await as('ada', 'POST', { ...device, locale })).status).toBe(204);
    expect(await localeOf()).toEqual([kept]);
  }
});

test('an app on iOS may use Firebase', async () => {
  const device = { token: 'fIrEbAsE:token-_', platform: 'ios', service: 'fcm' };
  expect((await as('ada', 'POST', device)).status).toBe(204);
  expect((await as('ada', 'POST', { token: 'other:token', platform: 'android' })).status).toBe(204);
  expect(await stored('ada')).toMatchObject([device, { service: 'fcm', platform: 'android', app: null }]);
});

test('a user keeps the twenty devices seen last at most', async () => {
  for (let n = 0; n < 22; n++) await as('ada', 'POST', { token: `t${n}`, platform: 'android' });
  const tokens = (await stored('ada')).map((row) => (row as { token: string }).token);
  expect(tokens).toHaveLength(20);
  expect(tokens).toContain('t21');
  expect(tokens).not.toContain('t0');
});

test.each([
  ['no token', { token: undefined }, '/token'],
  ['a token that is no text', { token: 7 }, '/token'],
  ['a token with an invalid character', { token: 'a\0' }, '/token'],
  ['a token too long for the index', { token: 'a'.repeat(1_001) }, '/token'],
  ['a token that APNs does not give', { token: 'fIrEbAsE:token' }, '/token'],
  ['an unknown platform', { platform: 'windows' }, '/platform'],
  ['an unknown service', { service: 'hms' }, '/service'],
  ['a service of another platform', { platform: 'android', service: 'apns' }, '/service'],
  ['a locale that is no language tag', { locale: '?' }, '/locale'],
  ['an app that is no bundle id', { app: 'my app' }, '/app'],
])('a device with %s is refused', async (_what, change, pointer) => {
  const answer = await as('ada', 'POST', { token: HEX, platform: 'ios', ...change });
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
});

test('only a user registers a device', async () => {
  expect((await api.write(PATH, { token: HEX, platform: 'ios' })).status).toBe(401);
});

test('a user who was erased gets no device', async () => {
  await api.write('/v1/identify', { userId: 'gone' });
  await api.admin('DELETE', '/v1/users/gone');
  expect((await as('gone', 'POST', { token: HEX, platform: 'ios' })).status).toBe(404);
});
