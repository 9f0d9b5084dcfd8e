import type { Knex } from 'knex';

/** An erasure counts from when it is written down: its transaction may have begun long before, waiting for the user's row. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE erasures ALTER requested_at SET DEFAULT clock_timestamp()');
}

/** Goes back to the former default. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE erasures ALTER requested_at SET DEFAULT now()');
}
