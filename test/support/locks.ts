import type { Knex } from 'knex';
import type { Pool } from 'pg';

/** Do just so many statements of this database wait for a lock that another transaction holds? */
export async function areWaiting(pool: Pool, count: number): Promise<boolean> {
  const { rows } = await pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows.length === count;
}

/** Locks a user's row, until the function it answers with is called. */
export async function holdUser(knex: Knex, id: string): Promise<() => Promise<unknown>> {
  const transaction = await knex.transaction();
  await transaction('users').where({ id }).forUpdate();
  return () => transaction.commit();
}
