import type { Knex } from 'knex';

/**
 * Adds the card that shows an in-app message, and the answer that its user gave. `card` is null for a message that is a card of its
 * own, and for all other channels.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE messages ADD COLUMN card jsonb, ADD COLUMN answered_at bigint, ADD COLUMN answer text');
}

/** Drops the columns that `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE messages DROP COLUMN card, DROP COLUMN answered_at, DROP COLUMN answer');
}
