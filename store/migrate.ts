import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import { Client } from 'pg';
import { openDatabase, UNLIMITED } from './database';

const FOLDER = join(__dirname, '..', 'migrations');
const FILE = /^\d{4}_\w+\.(?:ts|js)$/;
/** The key of the advisory lock that lets one process at a time migrate. Any fixed number will do. */
const LOCK = 5_063_971_234;
/** The lock ends with its session, so the server has to notice within half a minute when the host of a migrating process vanishes. */
const NOTICE_DEATH = 'SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4';

/** How often a process that waits for the lock asks for it. Real milliseconds. */
const ASK_AGAIN_MS = 250;

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
    await lock(session);
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

/**
 * Waits for the lock by asking again and again. A session that waits inside `pg_advisory_lock` has a snapshot, and building an index
 * concurrently waits for every older snapshot to go: the process that migrates and the one that waits for it would wait for each
 * other for ever, which PostgreSQL can't see.
 */
async function lock(session: Client): Promise<void> {
  for (;;) {
    const { rows } = await session.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [LOCK]);
    if (rows[0]?.locked) return;
    await pause(ASK_AGAIN_MS);
  }
}
