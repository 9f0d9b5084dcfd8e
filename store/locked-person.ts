import type { Pool } from 'pg';
import { retryOnConflict } from './conflict';

/** SQL: locks the row of the user `$1`, which waits for a merge under way and lets no other begin. */
export const PERSON = 'person AS (SELECT id FROM users WHERE id = $1 FOR UPDATE)';

/** Runs a statement that begins with `PERSON`. @returns whether it changed one row */
export async function changesOne(pool: Pool, statement: string, ...values: readonly unknown[]): Promise<boolean> {
  const { rowCount } = await retryOnConflict(() => pool.query(statement, [...values]));
  return rowCount === 1;
}
