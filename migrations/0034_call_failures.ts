import type { Knex } from 'knex';

/**
 * Adds what is known of calls that failed: one row for each, which the next failure replaces. It goes with its run, so a merge moves
 * it and an erasure deletes it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE call_failures (
      run_id uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
      step text NOT NULL,
      since bigint NOT NULL,
      attempts int NOT NULL,
      code text NOT NULL,
      failed_at bigint NOT NULL,
      next_at bigint,
      PRIMARY KEY (run_id, step)
    )`);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE call_failures');
}
