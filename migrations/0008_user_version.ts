import type { Knex } from 'knex';

/**
 * A user who comes anew after an erasure begins with a version their former row never had, else what was decided about the former
 * one could be saved. Real time in microseconds: versions grow by one with each event.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `ALTER TABLE users ALTER version SET DEFAULT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint`,
  );
}

/** Goes back to the former default. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE users ALTER version SET DEFAULT 1');
}
