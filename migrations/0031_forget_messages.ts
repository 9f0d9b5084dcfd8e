import type { Knex } from 'knex';

/** Adds when the data of a message is forgotten, all of it at once; see migration 0040. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE messages ADD COLUMN IF NOT EXISTS forget_next bigint');
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE messages DROP COLUMN forget_next');
}
