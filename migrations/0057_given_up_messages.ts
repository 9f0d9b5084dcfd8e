import type { Knex } from 'knex';

// Messages that a worker gave up, and that their runs have not been told of yet. The row is written by the statement that records the
// outcome, and deleted once the event is stored. So the table is nearly empty, and nothing is lost if the worker dies in between.
const GIVEN_UP = `
CREATE TABLE given_up_messages (
  id uuid PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
  bounced boolean NOT NULL,
  detail text NOT NULL,
  at bigint NOT NULL,
  given_up_at timestamptz NOT NULL DEFAULT now()
)`;

/** Creates the table. Workers of before do not fill it in: a fallback of a message that they give up waits for its time, as ever. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(GIVEN_UP);
}

/** Drops it. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE given_up_messages');
}
