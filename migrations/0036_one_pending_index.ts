import type { Knex } from 'knex';

/** Indexes of a large table are dropped beside its use, which can't be done in a transaction. */
export const config = { transaction: false };

/**
 * Leaves one index of pending events, that by user. Statements about one user are planned once, while next to nothing is pending. The
 * planner then took the index without a user for the smaller one and read all of it, so each decision cost more the more events of
 * others were pending. The relay reads the remaining index as a whole.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('DROP INDEX CONCURRENTLY IF EXISTS events_pending_since');
}

/** Restores the former index. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('CREATE INDEX CONCURRENTLY IF NOT EXISTS events_pending_since ON events (received_at) WHERE pending');
}
