import type { Knex } from 'knex';

/**
 * Adds whether a user was last saved as waiting for something. Their workflow then most likely runs when an event has to wake it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE users ADD COLUMN asleep boolean NOT NULL DEFAULT false');
}

/** Drops the column that `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE users DROP COLUMN asleep');
}
