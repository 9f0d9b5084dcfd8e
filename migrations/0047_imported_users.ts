import type { Knex } from 'knex';

/** Adds when history of a user was last imported, in epoch milliseconds; null for never. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE users ADD COLUMN imported_at bigint');
}

/** Drops the column that `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE users DROP COLUMN imported_at');
}
