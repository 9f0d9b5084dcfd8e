import type { Knex } from 'knex';

// The link of a mail that was followed last, as a hash, and when, in epoch milliseconds of the journey clock. Both are null for messages of
// before, and for those of which no link was followed.
const VISITS = 'ALTER TABLE messages ADD COLUMN link_followed text, ADD COLUMN link_followed_at bigint';

/** Adds to messages what tells a scanner that follows all links from a person who follows one. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(VISITS);
}

/** Drops it. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE messages DROP COLUMN link_followed, DROP COLUMN link_followed_at');
}
