import { eraseUnknown, keepPlace, takeTurn } from '../../store/orphan-search';
import { testDatabase, type TestDatabase } from '../support/database';

let db: TestDatabase;
beforeAll(async () => void (db = await testDatabase()));
afterAll(() => db.drop());

const MINUTE = 60_000;
const TAKEN_AT = `jsonb_build_object('at', extract(epoch FROM now()) * 1000 + ?::float8)`;
const passed = (ms: number): Promise<unknown> =>
  db
    .knex('settings')
    .where({ name: 'orphan-search' })
    .update({ value: db.knex.raw(`value || ${TAKEN_AT}`, [-ms]) });

test('workers take turns, and each turn goes on where the last one stopped', async () => {
  const first = await Promise.all([1, 2, 3].map(() => takeTurn(db.pool, MINUTE)));
  expect(first.filter((token) => token !== null)).toEqual(['']);
  await keepPlace(db.pool, 'next');
  expect(await takeTurn(db.pool, MINUTE)).toBeNull();
  await passed(2 * MINUTE);
  expect(await takeTurn(db.pool, MINUTE)).toBe('next');
});

test('a turn in the future, which a wrong clock left behind, counts as never taken', async () => {
  await takeTurn(db.pool, MINUTE);
  await passed(-60 * MINUTE);
  expect(await takeTurn(db.pool, MINUTE)).not.toBeNull();
});

test('only ids that nobody has or had are erased', async () => {
  await db.knex('users').insert({ id: 'ada', created_at: 0, last_seen_at: 0 });
  await db.knex('aliases').insert({ previous_id: 'visitor', user_id: 'ada' });
  expect(await eraseUnknown(db.pool, ['ada', 'visitor', 'erased'])).toBe(1);
  expect(await db.knex('erasures').pluck('user_id')).toEqual(['erased']);
});
