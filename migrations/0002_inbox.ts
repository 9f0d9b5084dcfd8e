import type { Knex } from 'knex';

/** Adds the rendered content of an in-app message. It is null until the message is delivered, and for all other channels. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE messages ADD COLUMN content jsonb');
}

/** Drops the column that `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE messages DROP COLUMN content');
}
