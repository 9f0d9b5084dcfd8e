import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import { Client, DatabaseError } from 'pg';
import { openDatabase, UNLIMITED } from './database';

const FOLDER = join(__dirname, '..', 'migrations');
const FILE = /^\d{4}_\w+\.(?:ts|js)$/;
/** The key of the advisory lock that lets one process at a time migrate. Any fixed number will do. */
const LOCK = 5_063_971_234;
/** The lock ends with its session, so the server has to notice within half a minute when the host of a migrating process vanishes. */
const NOTICE_DEATH = 'SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4';

/** How often a process that waits for the lock asks for it. Real milliseconds. */
const ASK_AGAIN_MS = 250;

/**
 * How long a migration waits for a lock before it gives way and is tried again. Whoever comes later for the same table waits behind
 * it, so it must be short. It is also shorter than PostgreSQL's `deadlock_timeout` of a second: when a migration and a worker wait
 * for each other, the migration is the one to give way. Real milliseconds.
 */
const GIVE_WAY_MS = 500;
/** lock_not_available, deadlock_detected and serialization_failure. */
const GAVE_WAY = new Set(['55P03', '40P01', '40001']);

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
  const config = {
    migrationSource: source,
    // After a rollback, the earlier release finds migrations it doesn't know. Migrations only add to the schema, so it can run with
    // them.
    disableMigrationsListValidation: true,
    // A migration without a transaction builds indexes, which holds up nobody, and must not be given up.
    beforeAll: async (knex: Knex | Knex.Transaction) => {
      if (knex.isTransaction) await knex.raw(`SET LOCAL lock_timeout = ${GIVE_WAY_MS}`);
    },
  };
  try {
    await session.query(NOTICE_DEATH);
    await lock(session);
    // Knex's own lock is a row. A process that is killed while migrating leaves it behind; under the advisory lock it can be
    // released.
    await database.knex.migrate.forceFreeMigrationsLock(config);
    const applied: string[] = [];
    // One by one, each in a transaction of its own: together they would lock many tables until the last one is done.
    for (;;) {
      const [, next] = await givingWay(() => database.knex.migrate.up(config) as Promise<[number, string[]]>);
      if (next.length === 0) return applied;
      applied.push(...next);
    }
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

/** Repeats a migration that gave way to others, who get through in between. */
async function givingWay<Result>(migration: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await migration();
    } catch (error) {
      if (!(error instanceof DatabaseError) || !GAVE_WAY.has(error.code ?? '')) throw error;
    }
    await pause(ASK_AGAIN_MS);
  }
}
