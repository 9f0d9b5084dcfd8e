import type { Knex } from 'knex';

/**
 * Adds until when properties are kept. `forget_at` has the time of each property that is not kept for good, epoch milliseconds of the
 * journey clock, also when it is gone; `forget_next` the first of those that are still there. Both are null for nearly all rows. A
 * run keeps the times with its events, in its body; of a message, all data is forgotten at once.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE events ADD COLUMN forget_at jsonb, ADD COLUMN forget_next bigint;
    ALTER TABLE messages ADD COLUMN forget_next bigint;
    ALTER TABLE runs ADD COLUMN forget_next bigint;
    ALTER TABLE tracked_events ADD COLUMN forget_at jsonb;
  `);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE events DROP COLUMN forget_at, DROP COLUMN forget_next;
    ALTER TABLE messages DROP COLUMN forget_next;
    ALTER TABLE runs DROP COLUMN forget_next;
    ALTER TABLE tracked_events DROP COLUMN forget_at;
  `);
}
