import type { Knex } from 'knex';

/**
 * Makes versions of new users begin with the real time in microseconds. A user who returns after an erasure then begins with a
 * version that their former row never had, because versions grow by one with each event. Otherwise a decision about the former row
 * could be saved to the new one.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `ALTER TABLE users ALTER version SET DEFAULT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint`,
  );
}

/** Restores the former default. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE users ALTER version SET DEFAULT 1');
}
