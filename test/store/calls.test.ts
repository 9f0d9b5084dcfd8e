import { mergeUsers } from '../../store/merge-users';
import { recordCall } from '../../store/calls';
import { testDatabase, type TestDatabase } from '../support/database';

let db: TestDatabase;
beforeAll(async () => void (db = await testDatabase()));
afterAll(() => db.drop());

test('the answer of a call made under a previous id reaches the merged user', async () => {
  await db.knex('users').insert({ id: 'visitor', created_at: 0, last_seen_at: 0, memory: '{}' });
  await mergeUsers(db.pool, [{ previousId: 'visitor', userId: 'ada' }], 'users', 1);
  const runId = 'd520036d-3ce2-5491-8207-ef03816b1ea3';
  await recordCall(db.pool, {
    userId: 'visitor',
    runId,
    step: 'open an account',
    result: 7,
    facts: { id: 'ada' },
    now: 2,
  });
  expect(await db.knex('events').where({ user_id: 'ada', type: 'internal' }).select('properties', 'pending')).toEqual([
    { properties: { run: runId, step: 'open an account', result: 7, facts: { id: 'ada' } }, pending: true },
  ]);
});
