import type { Knex } from 'knex';

/** Indexes of a large table are built beside its use, which can't be done in a transaction. */
export const config = { transaction: false };

/** A message keeps its time when its data is gone. */
const INDEXED = { events: '', messages: " AND data <> '{}'", runs: '' };

/**
 * Indexes what is to be forgotten, in the order of time. All other rows cost nothing. A build that was interrupted leaves an index
 * that is not valid, so each is dropped first.
 */
export async function up(knex: Knex): Promise<void> {
  for (const [table, and] of Object.entries(INDEXED)) {
    await knex.raw(`DROP INDEX CONCURRENTLY IF EXISTS ${table}_forget`);
    await knex.raw(
      `CREATE INDEX CONCURRENTLY ${table}_forget ON ${table} (forget_next) WHERE forget_next IS NOT NULL${and}`,
    );
  }
}

/** Drops the indexes. */
export async function down(knex: Knex): Promise<void> {
  for (const table of Object.keys(INDEXED)) await knex.raw(`DROP INDEX CONCURRENTLY IF EXISTS ${table}_forget`);
}
