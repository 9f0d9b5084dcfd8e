import { mergeUsers } from '../../store/merge-users';
import { createSubscriptions } from '../../store/push-subscriptions';
import { testDatabase, type TestDatabase } from '../support/database';

let db: TestDatabase;
beforeAll(async () => void (db = await testDatabase()));
afterAll(() => db.drop());

test('a message decided for a previous id still finds the browsers of the merged user', async () => {
  const subscriptions = createSubscriptions(db);
  await db.knex('users').insert({ id: 'visitor', created_at: 0, last_seen_at: 0 });
  const browser = { endpoint: 'https://push.example/1', keys: { p256dh: 'p', auth: 'a' } };
  await subscriptions.add('visitor', browser, 0);
  await mergeUsers(db.pool, [{ previousId: 'visitor', userId: 'ada' }], 'users', 1);
  for (const id of ['visitor', 'ada']) expect(await subscriptions.list(id)).toMatchObject([browser]);
});
