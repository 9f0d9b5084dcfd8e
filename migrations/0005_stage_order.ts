import type { Knex } from 'knex';

/** Several changes of stage can fall on one moment: keeps the order in which they did. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE stage_changes ADD COLUMN id bigint NOT NULL GENERATED ALWAYS AS IDENTITY');
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE stage_changes DROP COLUMN id');
}
