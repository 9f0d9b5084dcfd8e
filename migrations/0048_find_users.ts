import type { Knex } from 'knex';

/** Indexes of a large table are built beside its use, which can't be done in a transaction. */
export const config = { transaction: false };

/**
 * New entries of an index of traits are collected, and put in order together. A short list keeps that short for the statement that
 * has to do it. Kilobytes.
 */
const COLLECTED_KB = 256;

const INDEXES = {
  users_by_stage: 'users (stage, id)',
  users_by_trait: `users USING gin (traits jsonb_path_ops) WITH (fastupdate = on, gin_pending_list_limit = ${COLLECTED_KB})`,
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
