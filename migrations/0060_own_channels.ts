import type { Knex } from 'knex';

// The traits that hold people's addresses on channels of the team's own. Processes write theirs when they start. A worker of a release
// without them leaves the table alone, and goes on as before.
const CHANNEL_TRAITS = `
CREATE TABLE channel_traits (
  channel text PRIMARY KEY,
  trait text NOT NULL
)`;

/** The language of a device, as the app tells it. Null for devices that older clients, or older processes, have registered. */
const DEVICE_LOCALE = 'ALTER TABLE push_devices ADD COLUMN locale text';

/** Creates the table of the traits that hold addresses, and the locale of devices. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(CHANNEL_TRAITS);
  // A table that was never analysed counts as one of a thousand rows, which would make every load of a user look dear.
  await knex.raw('ANALYZE channel_traits');
  await knex.raw(DEVICE_LOCALE);
}

/** Drops them. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE push_devices DROP COLUMN locale');
  await knex.raw('DROP TABLE channel_traits');
}
