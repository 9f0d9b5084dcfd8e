import type { Knex } from 'knex';

/** Built concurrently, so that writes go on, which can't be done in a transaction. */
export const config = { transaction: false };

/**
 * New entries of a GIN index go to its pending list, which is merged into the index when it is full. The statement that fills the list
 * does the merge, so a small limit keeps that short. Kilobytes.
 */
const PENDING_LIST_KB = 256;

const INDEXES = {
  users_by_stage: 'users (stage, id)',
  users_by_trait: `users USING gin (traits jsonb_path_ops) WITH (fastupdate = on, gin_pending_list_limit = ${PENDING_LIST_KB})`,
};

/** Indexes users by stage and by trait, for lists of users. A build that was interrupted leaves an index that is not valid, so each is dropped first. */
export async function up(knex: Knex): Promise<void> {
  for (const [name, on] of Object.entries(INDEXES)) {
    await knex.raw(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
    await knex.raw(`CREATE INDEX CONCURRENTLY ${name} ON ${on}`);
  }
}

/** Drops the indexes. */
export async function down(knex: Knex): Promise<void> {
  for (const name of Object.keys(INDEXES)) await knex.raw(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
}
