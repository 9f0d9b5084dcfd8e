import { migrate } from '../../store/migrate';
import { testDatabase, type TestDatabase } from '../support/database';

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

test('int8 is read as a number, by pool and by knex', async () => {
  const sql = 'SELECT 1771000000000::int8 AS at';
  const { rows } = await db.pool.query<{ at: number }>(sql);
  const { rows: viaKnex } = await db.knex.raw<{ rows: { at: number }[] }>(sql);
  expect([rows[0]?.at, viaKnex[0]?.at]).toEqual([1_771_000_000_000, 1_771_000_000_000]);
});

test('processes that migrate at the same time apply each migration once', async () => {
  const empty = await testDatabase();
  await empty.knex.raw('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(empty.url)));
  expect(applied.flat()).toEqual([...new Set(applied.flat())]);
  expect(applied.flat()).toContain('0001_foundation');
  await expect(migrate(empty.url)).resolves.toEqual([]);
  await empty.drop();
});

test('a migration lock left by a killed process does not block the next', async () => {
  await db.knex('knex_migrations_lock').update({ is_locked: 1 });
  await expect(migrate(db.url)).resolves.toEqual([]);
});

test('a release starts on a database that a newer release has migrated', async () => {
  const newer = { name: '9999_of_a_newer_release', batch: 99, migration_time: new Date() };
  await db.knex('knex_migrations').insert(newer);
  await expect(migrate(db.url)).resolves.toEqual([]);
});
