import type { Knex } from 'knex';

/** Adds until when properties of events for others are kept; see migration 0040. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE tracked_events ADD COLUMN IF NOT EXISTS forget_at jsonb');
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE tracked_events DROP COLUMN forget_at');
}
