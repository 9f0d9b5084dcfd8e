import type { Knex } from 'knex';

/**
 * Makes the time of an erasure the time at which its row is written. Its transaction may have begun long before and waited for the
 * user's row.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE erasures ALTER requested_at SET DEFAULT clock_timestamp()');
}

/** Restores the former default. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE erasures ALTER requested_at SET DEFAULT now()');
}
