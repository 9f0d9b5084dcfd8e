import type { Pool } from 'pg';

/**
 * SQL: the database's time, epoch milliseconds. It is read after the wait for the row: the time at which the statement began would
 * make a turn that was taken meanwhile look as if it were in the future.
 */
const NOW = '(extract(epoch FROM clock_timestamp()) * 1000)';

/**
 * Takes the next turn of a search that all workers share. Each turn looks at one page.
 * @param pauseMs real milliseconds from one turn to the next, whoever takes it
 * @returns the token of the page to look at, empty for the first page; null when it is not time yet
 */
export async function takeTurn(pool: Pool, pauseMs: number): Promise<string | null> {
  const { rows } = await pool.query<{ token: string }>(
    `INSERT INTO settings (name, value) VALUES ('orphan-search', jsonb_build_object('at', ${NOW}, 'token', ''))
     ON CONFLICT (name) DO UPDATE SET value = settings.value || jsonb_build_object('at', ${NOW})
     -- A time in the future counts as never.
     WHERE (settings.value ->> 'at')::float8 NOT BETWEEN ${NOW} - $1::float8 AND ${NOW}
     RETURNING value ->> 'token' AS token`,
    [pauseMs],
  );
  return rows[0]?.token ?? null;
}

/** Keeps the token of the page that the next turn looks at. */
export async function keepPlace(pool: Pool, token: string): Promise<void> {
  await pool.query(
    `UPDATE settings SET value = value || jsonb_build_object('token', $1::text) WHERE name = 'orphan-search'`,
    [token],
  );
}

/**
 * Records erasures for those of these users whom the database does not know, not even by a former id.
 * @returns how many
 */
export async function eraseUnknown(pool: Pool, userIds: readonly string[]): Promise<number> {
  const { rowCount } = await pool.query(
    `INSERT INTO erasures (user_id) SELECT id FROM unnest($1::text[]) AS listed (id)
     WHERE NOT EXISTS (SELECT FROM users WHERE users.id = listed.id) AND NOT EXISTS (SELECT FROM aliases WHERE previous_id = listed.id)
     ON CONFLICT (user_id) DO NOTHING`,
    [userIds],
  );
  return rowCount ?? 0;
}
