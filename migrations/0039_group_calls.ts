import type { Knex } from 'knex';

/** Indexes of a large table are built beside its use, which can't be done in a transaction. */
export const config = { transaction: false };

const INDEXES = {
  events_group_members: "(group_type(properties), (properties ->> 'groupId'), user_id)",
  events_group_calls: "(group_type(properties), (properties ->> 'groupId'), at, id)",
};

/**
 * Indexes `group` calls by their group: whose they are, and the latest ones. All other events cost nothing but the look at their
 * type. A build that was interrupted leaves an index that is not valid, so each is dropped first.
 */
export async function up(knex: Knex): Promise<void> {
  for (const [name, columns] of Object.entries(INDEXES)) {
    await knex.raw(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
    await knex.raw(`CREATE INDEX CONCURRENTLY ${name} ON events ${columns} WHERE type = 'group'`);
  }
}

/** Drops the indexes. */
export async function down(knex: Knex): Promise<void> {
  for (const name of Object.keys(INDEXES)) await knex.raw(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
}
