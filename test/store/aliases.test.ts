import { always } from '../../engine/definitions';
import { mergeUsers } from '../../store/aliases';
import { changeConsent } from '../../store/consent';
import { addInternalEvent } from '../../store/pending';
import { define } from '../engine/random-life';
import { testDatabase, type TestDatabase } from '../support/database';
import { until } from '../support/until';

let db: TestDatabase;
beforeAll(async () => void (db = await testDatabase()));
afterAll(() => db.drop());

const areWaiting = async (count: number): Promise<boolean> => {
  const { rows } = await db.pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows.length === count;
};

test('what a user is told in the moment they become another one reaches the other', async () => {
  await db.knex('users').insert({ id: 'visitor', created_at: 0, last_seen_at: 0 });
  const definitions = always(await define([]));
  const merging = await db.knex.transaction();
  await mergeUsers(merging, { previousId: 'visitor', userId: 'ada', at: 1 });
  const told = Promise.all([
    changeConsent(db, definitions, { userId: 'visitor', answers: { email: false }, at: 2 }),
    addInternalEvent(db, { userId: 'visitor', messageId: 'm', name: 'sojourn:leave:trial', at: 2, properties: {} }),
  ]);
  await until('both to wait for the merge', () => areWaiting(2));
  await merging.commit();
  expect(await told).toMatchObject([{ consent: { email: false } }, { event: { userId: 'ada' } }]);
});
