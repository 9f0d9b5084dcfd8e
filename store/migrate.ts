import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Knex } from 'knex';
import { Client } from 'pg';
import { openDatabase } from './database';

const FOLDER = join(__dirname, '..', 'migrations');
const FILE = /^\d{4}_\w+\.(?:ts|js)$/;
/** Any fixed number: the advisory lock under which one process at a time migrates. */
const LOCK = 5_063_971_234;

/** Migrations by their file name without extension, so that the sources and the compiled files are the same ones. */
const source: Knex.MigrationSource<string> = {
  getMigrations: async () => (await readdir(FOLDER)).filter((file) => FILE.test(file)).sort(),
  getMigrationName: (file) => parse(file).name,
  getMigration: async (file) => (await import(join(FOLDER, file))) as Knex.Migration,
};

/**
 * Brings the schema up to date; safe to call from several processes at once.
 * @returns the names of the migrations that were applied
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const session = new Client({ connectionString: databaseUrl, application_name: 'sojourn-migrate' });
  await session.connect();
  const database = openDatabase(databaseUrl, 'sojourn-migrate');
  // A release that is rolled back to finds migrations it doesn't know. They only add, so it goes on.
  const config = { migrationSource: source, disableMigrationsListValidation: true };
  try {
    await session.query('SELECT pg_advisory_lock($1)', [LOCK]);
    // Knex's own lock is a row, which a process killed while migrating leaves behind: under the advisory lock it has no meaning.
    await database.knex.migrate.forceFreeMigrationsLock(config);
    const [, applied] = (await database.knex.migrate.latest(config)) as [number, string[]];
    return applied;
  } finally {
    await database.close();
    await session.end();
  }
}
