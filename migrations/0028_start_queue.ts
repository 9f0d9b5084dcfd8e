import type { Knex } from 'knex';

/**
 * Adds the queue of users whose lifecycle has to be started. Workers take from it in the order of `turn`. A row stays, as claimed,
 * until the user's first decision is made; a claim that is never finished is released after a while.
 *
 * The table is unlogged: it costs no write-ahead log, and is empty after a crash of the database. The events are not lost then. They
 * are still pending, and the relay finds them.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE UNLOGGED TABLE start_queue (
      user_id text PRIMARY KEY,
      turn timestamptz NOT NULL,
      reason text,
      claimed_at timestamptz
    );
    CREATE INDEX start_queue_turn ON start_queue (turn) WHERE claimed_at IS NULL`);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE start_queue');
}
