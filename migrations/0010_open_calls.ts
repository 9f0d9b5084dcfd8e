import type { Knex } from 'knex';

/**
 * Creates an index of the runs that wait for the answer to a call. They are few, and they can't be found by step: a step's name may
 * contain user data.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE INDEX runs_calling ON runs (user_id)
    WHERE status = 'active' AND body->'journal'->-1->>'kind' = 'call' AND body->'journal'->-1->>'status' = 'waiting'`);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP INDEX runs_calling');
}
