import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Knex } from 'knex';
import { Client } from 'pg';
import { openDatabase, UNLIMITED } from './database';

const FOLDER = join(__dirname, '..', 'migrations');
const FILE = /^\d{4}_\w+\.(?:ts|js)$/;
/** The key of the advisory lock that lets one process at a time migrate. Any fixed number will do. */
const LOCK = 5_063_971_234;
/** The lock ends with its session, so the server has to notice within half a minute when the host of a migrating process vanishes. */
const NOTICE_DEATH = 'SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4';

/** Migrations are named after their file without its extension, so that a source and its compiled file are the same migration. */
const source: Knex.MigrationSource<string> = {
  getMigrations: async () => (await readdir(FOLDER)).filter((file) => FILE.test(file)).sort(),
  getMigrationName: (file) => parse(file).name,
  getMigration: async (file) => (await import(join(FOLDER, file))) as Knex.Migration,
};

/**
 * Brings the schema up to date. Several processes may call it at once.
 * @returns the names of the migrations that this call applied
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const session = new Client({ connectionString: databaseUrl, application_name: 'sojourn-migrate' });
  await session.connect();
  const database = openDatabase(databaseUrl, 'sojourn-migrate', UNLIMITED);
  // After a rollback, the earlier release finds migrations it doesn't know. Migrations only add to the schema, so it can run with
  // them.
  const config = { migrationSource: source, disableMigrationsListValidation: true };
  try {
    await session.query(NOTICE_DEATH);
    await session.query('SELECT pg_advisory_lock($1)', [LOCK]);
    // Knex's own lock is a row. A process that is killed while migrating leaves it behind; under the advisory lock it can be
    // released.
    await database.knex.migrate.forceFreeMigrationsLock(config);
    const [, applied] = (await database.knex.migrate.latest(config)) as [number, string[]];
    return applied;
  } finally {
    await database.close();
    await session.end();
  }
}
