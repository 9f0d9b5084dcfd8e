import type { Knex } from 'knex';

/** Adds whether an event is activity of the user. It is false for events that only happened to the user. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE events ADD COLUMN active boolean NOT NULL DEFAULT true');
}

/** Drops the column that `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE events DROP COLUMN active');
}
