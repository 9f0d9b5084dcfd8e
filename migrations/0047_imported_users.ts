import type { Knex } from 'knex';

/**
 * Adds when history of a user was last imported, in epoch milliseconds; null for never. Adds also which of their answers in `consent`
 * were imported: by channel, with what the user answered and when. Constant defaults rewrite no row.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `ALTER TABLE users ADD COLUMN imported_at bigint, ADD COLUMN imported_consent jsonb NOT NULL DEFAULT '{}'`,
  );
}

/** Drops the columns that `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE users DROP COLUMN imported_at, DROP COLUMN imported_consent');
}
