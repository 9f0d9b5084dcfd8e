import type { Knex } from 'knex';

// The traits that hold people's addresses on channels of the team's own. Processes write theirs when they start. A worker of a release
// without them leaves the table alone, and goes on as before.
const CHANNEL_TRAITS = `
CREATE TABLE channel_traits (
  channel text PRIMARY KEY,
  trait text NOT NULL
)`;

/** Creates the table of the traits that hold addresses. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(CHANNEL_TRAITS);
}

/** Drops it. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE channel_traits');
}
