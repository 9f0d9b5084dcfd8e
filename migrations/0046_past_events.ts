import type { Knex } from 'knex';

/** Adds whether an event is imported history. A constant default rewrites no row. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE events ADD COLUMN history boolean NOT NULL DEFAULT false');
}

/** Drops the column that `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE events DROP COLUMN history');
}
