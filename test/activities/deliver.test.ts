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

/** A pool for a server that does not exist. */
function unreachable(): Pick<ActivityDeps, 'pool'> {
  return { pool: new Pool({ connectionString: 'postgres://127.0.0.1:1/none' }) };
}
