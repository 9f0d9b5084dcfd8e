import type { Knex } from 'knex';

/** Whether a user's lifecycle was left waiting for something, so that whoever tells it something finds it running. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE users ADD COLUMN asleep boolean NOT NULL DEFAULT false');
}

/** Drops what `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE users DROP COLUMN asleep');
}
