import type { Knex } from 'knex';

/** What an in-app message says, rendered; null until it is delivered, and for other channels. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE messages ADD COLUMN content jsonb');
}

/** Drops what `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE messages DROP COLUMN content');
}
