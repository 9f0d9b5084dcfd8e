import { DatabaseError, type Pool } from 'pg';

/** disk_full and read_only_sql_transaction: the server answers, but stores nothing. */
const REFUSALS = new Set(['53100', '25006']);

/** Needs a megabyte of new space, which is given back when the statement ends. Updates may still find room when nothing else does. */
const TRIAL = `CREATE TEMPORARY TABLE sojourn_trial ON COMMIT DROP AS
  SELECT repeat(md5(n::text), 30) AS text FROM generate_series(1, 1000) AS n`;

/**
 * Knows whether the database refuses to store anything: its disk is full, or it is a standby. That does not show when it is asked for
 * something, so refusals are noted where statements meet them.
 */
export class Writes {
  private refused = false;

  /** Notes the refusals that the statements of a pool meet. */
  watch(pool: Pool): void {
    pool.on('release', (error) => {
      if (isRefusal(error)) this.refused = true;
    });
  }

  /**
   * After a refusal, tries whether there is room again. Otherwise it writes nothing.
   * @throws {DatabaseError} while the database stores nothing
   */
  async check(pool: Pool): Promise<void> {
    const { rows } = await pool.query<{ readOnly: boolean }>(
      `SELECT current_setting('transaction_read_only')::boolean AS "readOnly", (SELECT id FROM users LIMIT 0) AS migrated`,
    );
    if (!this.refused && rows[0]?.readOnly !== true) return;
    try {
      await pool.query(TRIAL);
    } catch (error) {
      // Another failure, such as a missing permission, says nothing about room.
      if (isRefusal(error)) throw error;
    }
    this.refused = false;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof DatabaseError && REFUSALS.has(error.code ?? '');
}
