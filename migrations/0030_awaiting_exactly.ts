import type { Knex } from 'knex';

/**
 * Adds the awaited names with the filters that narrow them; null if none does. An older release goes on with `awaiting`, which has
 * the names alone.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE users ADD COLUMN awaiting_exactly text[]');
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE users DROP COLUMN awaiting_exactly');
}
