import { vapidKeys } from '../../store/vapid';
import { testDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

test('processes that start together agree on one key pair and keep it', async () => {
  const pairs = await Promise.all([1, 2, 3, 4].map(() => vapidKeys(database.knex)));
  expect(pairs[0]).toEqual({ publicKey: expect.any(String), privateKey: expect.any(String) });
  for (const pair of [...pairs, await vapidKeys(database.knex)]) expect(pair).toEqual(pairs[0]);
});
