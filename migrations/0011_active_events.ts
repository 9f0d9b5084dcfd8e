import type { Knex } from 'knex';

/** Whether the user did what an event tells of, or it only happened to them: the latter is no activity. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE events ADD COLUMN active boolean NOT NULL DEFAULT true');
}

/** Drops what `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE events DROP COLUMN active');
}
