import type { Knex } from 'knex';

/** Adds when the next property that a run keeps is forgotten. The run keeps the times with its events, in its body; see migration 0040. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE runs ADD COLUMN IF NOT EXISTS forget_next bigint');
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE runs DROP COLUMN forget_next');
}
