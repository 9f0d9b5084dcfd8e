import type { Knex } from 'knex';
import type { Pool } from 'pg';

/** True if exactly this many statements in the database wait for a lock of another transaction. */
export async function areWaiting(pool: Pool, count: number): Promise<boolean> {
  const { rows } = await pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows.length === count;
}

/** Locks a user's row and returns the function that releases it. */
export async function holdUser(knex: Knex, id: string): Promise<() => Promise<unknown>> {
  const transaction = await knex.transaction();
  await transaction('users').where({ id }).forUpdate();
  return () => transaction.commit();
}
