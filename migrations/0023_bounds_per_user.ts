import type { Knex } from 'knex';

/** Indexes of a large table are created beside its use, which can't be done in a transaction. */
export const config = { transaction: false };

const TRAITS_FIT = `
CREATE OR REPLACE FUNCTION traits_fit(old jsonb, new jsonb, most int) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  IF pg_column_size(old) > 8 * most THEN
    RETURN false;
  END IF;
  IF octet_length(old::text) + octet_length(new::text) <= most THEN
    RETURN true;
  END IF;
  RETURN octet_length(merge_traits(old, new)::text) <= greatest(most, octet_length(old::text));
END
$$`;

/**
 * Keeps the work for one user independent of how much they have.
 *
 * - Pending events are found in the order of arrival, so a portion of them costs the same however many wait.
 * - `traits_fit` tells whether traits may be merged. The size is that of the JSON text. A profile that was larger before may not
 *   grow further; one far above the limit is not read at all.
 */
export async function up(knex: Knex): Promise<void> {
  // A process that ended on the way leaves an index that is not valid.
  await knex.raw('DROP INDEX CONCURRENTLY IF EXISTS events_pending_by_arrival');
  await knex.raw(
    'CREATE INDEX CONCURRENTLY events_pending_by_arrival ON events (user_id, received_at, id) WHERE pending',
  );
  await knex.raw('DROP INDEX CONCURRENTLY IF EXISTS events_pending');
  await knex.raw(TRAITS_FIT);
}

/** Drops what `up` created, and restores the former index. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP FUNCTION traits_fit');
  await knex.raw('CREATE INDEX CONCURRENTLY IF NOT EXISTS events_pending ON events (user_id, id) WHERE pending');
  await knex.raw('DROP INDEX CONCURRENTLY IF EXISTS events_pending_by_arrival');
}
