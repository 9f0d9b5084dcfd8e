import type { Knex } from 'knex';

/**
 * Adds until when properties are kept. `forget_at` has the time of each property that is not kept for good, epoch milliseconds of the
 * journey clock, also when it is gone; `forget_next` the first of those that are still there. Both are null for nearly all rows.
 * Migrations 0031, 0032 and 0037 add them to other tables: one migration locks one table.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    'ALTER TABLE events ADD COLUMN IF NOT EXISTS forget_at jsonb, ADD COLUMN IF NOT EXISTS forget_next bigint',
  );
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE events DROP COLUMN forget_at, DROP COLUMN forget_next');
}
