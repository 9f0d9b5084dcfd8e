import type { Knex } from 'knex';

/**
 * Adds to events on their way to users whether the user did what they say. Those that journeys track only happen to their users. A
 * process of the release before receives all of them as such.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE tracked_events ADD COLUMN active boolean NOT NULL DEFAULT false');
}

/** Drops the column that `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE tracked_events DROP COLUMN active');
}
