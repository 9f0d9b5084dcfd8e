import type { Knex } from 'knex';

/** What each journey was in a release: a fingerprint by id, so that a change of one can be told from a change of another. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`ALTER TABLE releases ADD COLUMN journeys jsonb NOT NULL DEFAULT '{}'`);
}

/** Drops what `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE releases DROP COLUMN journeys');
}
