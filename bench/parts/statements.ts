import type { Pool } from 'pg';

/** The settings of a PostgreSQL server that counts statements. */
export const COUNTS_STATEMENTS = { shared_preload_libraries: 'pg_stat_statements' } as const;

/** What a statement cost since the count began. */
export interface StatementUse {
  /** The beginning of its text. */
  readonly text: string;
  readonly calls: number;
  readonly ms: number;
  readonly walBytes: number;
}

/** Begins to count the statements in a database anew. */
export async function beginCount(pool: Pool): Promise<void> {
  await pool.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  await pool.query('SELECT pg_stat_statements_reset()');
}

/** Returns the statements that took the most time, the longest first. */
export async function statementsSince(pool: Pool, most: number): Promise<StatementUse[]> {
  const { rows } = await pool.query<StatementUse>(
    `SELECT left(regexp_replace(trim(query), '\\s+', ' ', 'g'), 50) AS text, calls::float8 AS calls,
       total_exec_time AS ms, wal_bytes::float8 AS "walBytes"
     FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
     WHERE d.datname = current_database() ORDER BY total_exec_time DESC LIMIT $1`,
    [most],
  );
  return rows;
}
