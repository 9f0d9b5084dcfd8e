import { mergeUsers } from '../../store/merge-users';
import { createSubscriptions, HAS_PUSH } from '../../store/push-subscriptions';
import { testDatabase, type TestDatabase } from '../support/database';

let db: TestDatabase;
beforeAll(async () => void (db = await testDatabase()));
afterAll(() => db.drop());

test('a message decided for a previous id still finds the browsers of the merged user', async () => {
  const subscriptions = createSubscriptions(db);
  await db.knex('users').insert({ id: 'visitor', created_at: 0, last_seen_at: 0 });
  const browser = { endpoint: 'https://push.example/1', keys: { p256dh: 'p', auth: 'a' } };
  await subscriptions.add('visitor', browser, 'the public key', 0);
  await mergeUsers(db.pool, [{ previousId: 'visitor', userId: 'ada' }], 'users', 1);
  for (const id of ['visitor', 'ada']) expect(await subscriptions.list(id)).toMatchObject([browser]);
});

describe('a browser that is set aside', () => {
  const browser = { endpoint: 'https://push.example/2', keys: { p256dh: 'p', auth: 'a' } };
  const subscriptions = () => createSubscriptions(db);
  const endpoints = async () => (await subscriptions().list('eve')).map(({ endpoint }) => endpoint);
  const reachable = async () => {
    const { rows } = await db.pool.query<{ push: boolean }>(`SELECT ${HAS_PUSH} AS push FROM users u WHERE id = 'eve'`);
    return rows[0]?.push;
  };

  beforeAll(async () => {
    await db.knex('users').insert({ id: 'eve', created_at: 0, last_seen_at: 0 });
  });
  beforeEach(async () => {
    await subscriptions().add('eve', browser, 'the public key', 0);
    const [stored] = await subscriptions().list('eve');
    expect(stored).toMatchObject({ vapidKey: 'the public key', refusedAt: null });
    await subscriptions().setAside(stored?.id ?? '');
  });
  afterEach(() => db.knex('push_subscriptions').where({ user_id: 'eve' }).delete());

  test('does not reach its user, so that other channels are tried', async () => {
    expect([await endpoints(), await reachable()]).toEqual([[], false]);
  });

  test('is tried again after a day, and is in use once it is restored', async () => {
    await db.knex('push_subscriptions').update({ refused_at: db.knex.raw("now() - interval '25 hours'") });
    expect([await endpoints(), await reachable()]).toEqual([[browser.endpoint], true]);
    const [stored] = await subscriptions().list('eve');
    expect(stored?.refusedAt).toBeInstanceOf(Date);
    await subscriptions().restore(stored?.id ?? '');
    expect(await subscriptions().list('eve')).toMatchObject([{ refusedAt: null }]);
  });

  test('stays so when it is registered again, unless it has other keys', async () => {
    await subscriptions().add('eve', browser, 'the public key', 1);
    expect(await endpoints()).toEqual([]);
    await subscriptions().add('eve', { ...browser, keys: { p256dh: 'q', auth: 'a' } }, 'the public key', 2);
    expect([await endpoints(), await reachable()]).toEqual([[browser.endpoint], true]);
  });
});
