import { advance } from '../../activities/advance';
import { testDatabase, type TestDatabase } from '../support/database';
import { depsWith } from './support';

const LATE_MS = 60_000;

let database: TestDatabase;
beforeEach(async () => void (database = await testDatabase()));
afterEach(() => database.drop());

async function overdue(): Promise<string[]> {
  const ids = ['ada', 'bob', 'cleo'];
  const now = Date.now();
  await database
    .knex('users')
    .insert(ids.map((id) => ({ id, created_at: now, last_seen_at: now, wake_at: now - LATE_MS })));
  return ids;
}

test.each([
  ['a timer counts', true, LATE_MS],
  ['anything else does not: the timer may be lost', false, 0],
])('how late a user was woken by %s', async (_, byTimer, least) => {
  const deps = await depsWith(database, () => Promise.reject(new Error('nothing is delivered here')));
  for (const userId of await overdue()) await advance(deps, { userId, inFlight: [], byTimer });
  expect(deps.lateness.recentMs >= least).toBe(true);
  expect(deps.lateness.recentMs > 0).toBe(byTimer);
});
