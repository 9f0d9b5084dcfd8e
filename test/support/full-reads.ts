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

/** Number of rows and index entries read from some tables so far. */
export async function readsOf(pool: Pool, ...tables: readonly string[]): Promise<number> {
  await pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await pool.query<{ reads: number }>(
    `SELECT sum(t.seq_tup_read + (SELECT sum(i.idx_tup_read) FROM pg_stat_user_indexes i WHERE i.relid = t.relid))::int AS reads
     FROM pg_stat_user_tables t WHERE t.relname = ANY ($1::text[])`,
    [tables],
  );
  return rows[0]?.reads ?? 0;
}
