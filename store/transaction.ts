import type { Pool, PoolClient } from 'pg';

/**
 * Runs statements in a transaction.
 * @param work what it returns is committed; null is rolled back
 */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result | null>,
): Promise<Result | null> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query(result === null ? 'ROLLBACK' : 'COMMIT');
    client.release();
    return result;
  } catch (error) {
    // The connection is closed, which rolls back.
    client.release(error as Error);
    throw error;
  }
}
