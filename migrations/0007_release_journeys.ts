import type { Knex } from 'knex';

/** Adds the fingerprints of the journeys of a release, by id. They show which journeys differ from one release to the next. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`ALTER TABLE releases ADD COLUMN journeys jsonb NOT NULL DEFAULT '{}'`);
}

/** Drops the column that `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE releases DROP COLUMN journeys');
}
