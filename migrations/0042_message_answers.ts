import type { Knex } from 'knex';

/**
 * Adds to in-app messages the answers to the questions of a survey, until when they are put off, and whether they last only while
 * their run is open. All are null for messages of before.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    'ALTER TABLE messages ADD COLUMN answers jsonb, ADD COLUMN snoozed_until bigint, ADD COLUMN while_inside boolean',
  );
}

/** Drops the columns that `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE messages DROP COLUMN answers, DROP COLUMN snoozed_until, DROP COLUMN while_inside');
}
