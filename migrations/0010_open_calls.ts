import type { Knex } from 'knex';

/** Runs that wait for the answer of a call: few of many, and steps may be named by what users tell. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE INDEX runs_calling ON runs (user_id)
    WHERE status = 'active' AND body->'journal'->-1->>'kind' = 'call' AND body->'journal'->-1->>'status' = 'waiting'`);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP INDEX runs_calling');
}
