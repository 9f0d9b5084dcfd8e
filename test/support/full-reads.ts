import type { Pool } from 'pg';

/** Number of sequential scans of each large table so far. */
export async function fullReads(pool: Pool): Promise<unknown> {
  await pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await pool.query(
    `SELECT relname, seq_scan FROM pg_stat_user_tables
     WHERE relname IN ('users', 'events', 'runs', 'messages', 'aliases') ORDER BY relname`,
  );
  return rows;
}
