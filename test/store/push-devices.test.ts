import { mergeUsers } from '../../store/merge-users';
import { createPushDevices, HAS_DEVICE, type PushDevice } from '../../store/push-devices';
import { testDatabase, type TestDatabase } from '../support/database';

let db: TestDatabase;
beforeAll(async () => void (db = await testDatabase()));
afterAll(() => db.drop());
afterEach(() => db.knex('users').delete());

const phone = (token: string): PushDevice => ({ service: 'fcm', token, platform: 'android', app: null, locale: null });
const devices = () => createPushDevices(db);
const tokensOf = async (userId: string): Promise<string[]> => (await devices().list(userId)).map(({ token }) => token);
const born = (...ids: string[]) => db.knex('users').insert(ids.map((id) => ({ id, created_at: 0, last_seen_at: 0 })));

test('a message decided for a previous id still finds the devices of the merged user', async () => {
  await born('visitor', 'ada');
  await devices().add('visitor', phone('1'), 1);
  await devices().add('ada', phone('2'), 2);
  await mergeUsers(db.pool, [{ previousId: 'visitor', userId: 'ada' }], 'users', 3);
  for (const id of ['visitor', 'ada']) expect(await tokensOf(id)).toEqual(['2', '1']);
});

test('the device that was seen last comes first, and registering it again counts as seen', async () => {
  await born('ada');
  for (const [at, token] of ['1', '2', '1'].entries()) await devices().add('ada', phone(token), at);
  expect(await tokensOf('ada')).toEqual(['1', '2']);
});

test('a device reaches its user until its service does not know it any more', async () => {
  await born('ada');
  const reachable = async (): Promise<boolean | undefined> =>
    (await db.pool.query<{ push: boolean }>(`SELECT ${HAS_DEVICE} AS push FROM users u`)).rows[0]?.push;
  expect(await reachable()).toBe(false);
  await devices().add('ada', phone('1'), 1);
  expect(await reachable()).toBe(true);
  const [device] = await devices().list('ada');
  if (device) await devices().remove(device);
  expect(await reachable()).toBe(false);
});

test('a device that registers while its service is heard to not know it stays', async () => {
  await born('ada');
  await devices().add('ada', phone('1'), 1);
  const [device] = await devices().list('ada');
  await devices().add('ada', phone('1'), 2);
  if (device) await devices().remove(device);
  expect(await tokensOf('ada')).toEqual(['1']);
});

test('nobody gets a device whom nobody knows', async () => {
  expect(await devices().add('nobody', phone('1'), 1)).toBe(false);
});
