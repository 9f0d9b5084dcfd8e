import { Pool } from 'pg';
import { deliver } from '../../activities/deliver';
import type { ActivityDeps } from '../../activities/deps';
import { testDatabase, type TestDatabase } from '../support/database';
import { depsWith, ID, storeMessage } from './support';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

test('unexpected errors of a channel get longer pauses each time, and their text does not leave the worker', async () => {
  await storeMessage(database, { attempts: 4 });
  const deps = await depsWith(database, async () => {
    throw new TypeError('no such person as ada@example.com');
  });
  const failure = { type: 'TypeError', message: 'TypeError', nextRetryDelay: 160_000 };
  await expect(deliver(deps, ID)).rejects.toMatchObject(failure);
});

test('deliveries retry at long intervals while the database is down', async () => {
  const sent = await depsWith(database, async () => ({ outcome: 'sent', providerId: '1' }));
  await expect(deliver({ ...sent, ...unreachable() }, ID)).rejects.toMatchObject({ nextRetryDelay: 30_000 });
});

test('a template gets the answers of the steps before its message, from the stored run', async () => {
  const decided = { status: 'done', enteredAt: 0, reason: '', facts: {} };
  const journal = [
    { ...decided, step: 'coupon', kind: 'call', outcome: { code: 'A' }, at: 1 },
    { ...decided, step: 'welcome', kind: 'send', outcome: { status: 'sent', channel: 'email', reason: '' }, at: 2 },
    { ...decided, step: 'gift', kind: 'call', outcome: { code: 'B' }, at: 3 },
  ];
  const run_id = '11111111-1111-4111-8111-111111111111';
  await storeMessage(database, { run_id, decided_at: 2 });
  const trigger = { id: '1', name: 'Signed Up', at: 0, properties: {} };
  const run = { id: run_id, user_id: 'ada', journey: 'trial', status: 'active', entered_at: 0 };
  await database.knex('runs').insert({ ...run, body: { trigger, journal } });
  let steps;
  const deps = await depsWith(database, async (envelope) => {
    steps = envelope.steps;
    return { outcome: 'sent', providerId: '1' };
  });
  await deliver(deps, ID);
  expect(steps).toEqual({ coupon: { code: 'A' } });
});

test('a message of no run has no answers', async () => {
  await storeMessage(database);
  let steps;
  const deps = await depsWith(database, async (envelope) => {
    steps = envelope.steps;
    return { outcome: 'sent', providerId: '1' };
  });
  await deliver(deps, ID);
  expect(steps).toEqual({});
});

/** A pool for a server that does not exist. */
function unreachable(): Pick<ActivityDeps, 'pool'> {
  return { pool: new Pool({ connectionString: 'postgres://127.0.0.1:1/none' }) };
}
