import type { Knex } from 'knex';

/**
 * Adds when history of a user was last imported, in epoch milliseconds; null for never. Besides, the version of the definitions that said
 * when to look for the first time at a user of whom only history is known; null for all others.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE users ADD COLUMN imported_at bigint, ADD COLUMN look_version text');
}

/** Drops the columns that `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE users DROP COLUMN imported_at, DROP COLUMN look_version');
}
