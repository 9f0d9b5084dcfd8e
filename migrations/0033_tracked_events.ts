import type { Knex } from 'knex';

/**
 * Adds the events that journeys have tracked and that are not received yet. They are saved in the statement that saves what was
 * decided, and each is deleted when it has been received, so there are rarely more than a few.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE tracked_events (
      id uuid PRIMARY KEY,
      from_user text NOT NULL,
      user_id text NOT NULL,
      name text NOT NULL,
      at bigint NOT NULL,
      properties jsonb NOT NULL,
      saved_at timestamptz NOT NULL DEFAULT now()
    )`);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE tracked_events');
}
