import type { Knex } from 'knex';

/**
 * Adds to each push subscription the public key that was in force when it was stored, and since when its push service refuses our
 * signature, in real time. Both are null for subscriptions from before.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE push_subscriptions ADD COLUMN vapid_key text, ADD COLUMN refused_at timestamptz');
}

/** Removes the columns. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE push_subscriptions DROP COLUMN vapid_key, DROP COLUMN refused_at');
}
