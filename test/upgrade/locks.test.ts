import type { Knex } from 'knex';
import { migrate } from '../../store/migrate';
import { testDatabase, type TestDatabase } from '../support/database';
import { areWaiting } from '../support/locks';
import { until } from '../support/until';
import { migrationsWhere } from './dump';

/** The workers of the former release go on while a new one migrates. */

/** The migrations that let properties be forgotten: they change the tables that every save writes. */
const CHANGES = /^00(?:31|32|37|4\d)_/;

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
  await db.knex.raw('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  await db.knex.migrate.latest({ migrationSource: migrationsWhere((name) => !CHANGES.test(name)) });
});
afterEach(() => db.drop());

/** Migrates while a transaction is open, which is committed after `act`. Returns the names of the migrations. */
async function migrateDuring(act: (transaction: Knex.Transaction, waits: () => Promise<unknown>) => Promise<unknown>) {
  let migrated: Promise<string[]> | undefined;
  const waits = (): Promise<unknown> => {
    migrated ??= migrate(db.url);
    return Promise.race([migrated, until('the migration waits', () => areWaiting(db.pool, 1))]);
  };
  await db.knex.transaction((transaction) => act(transaction, waits));
  return migrated;
}

const TABLES = ['users', 'events', 'messages', 'runs', 'tracked_events'] as const;
/** A statement that locks a table as a save does. It changes no row. */
const write = (table: string): string => `DELETE FROM ${table} WHERE false`;

test.each([
  ['in one order', TABLES],
  ['in the other order', TABLES.toReversed()],
])('a save that locks tables %s and a migration do not keep each other from their end', async (_, tables) => {
  const applied = await migrateDuring(async (save, waits) => {
    for (const table of tables) {
      await save.raw(write(table));
      await waits();
    }
  });
  expect(applied).toContain('0040_forgotten_properties');
});

test('while a migration waits for one who reads a table for long, others read and write it', async () => {
  const applied = await migrateDuring(async (reader, waits) => {
    await reader.raw('LOCK TABLE runs IN ACCESS SHARE MODE');
    await waits();
    await db.pool.query(write('runs'));
  });
  expect(applied).toContain('0040_forgotten_properties');
});
