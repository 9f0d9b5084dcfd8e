import type { Knex } from 'knex';

/** Adds an id that keeps the order of stage changes, because several can have the same time. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE stage_changes ADD COLUMN id bigint NOT NULL GENERATED ALWAYS AS IDENTITY');
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE stage_changes DROP COLUMN id');
}
