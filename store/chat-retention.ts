import type { Pool } from 'pg';
import { statement } from './sql';

/** At most this many conversations are deleted at once, so that no lock lasts long. */
export const DELETED_AT_ONCE = 20;

/** Not prepared, as the best plan depends on how many there are. Those that somebody writes to at the moment wait for the next call. */
const DELETE = statement<{ readonly now: number }>(
  (param) => `
DELETE FROM conversations WHERE id = ANY (ARRAY(
  SELECT id FROM conversations WHERE delete_at <= ${param.now}::bigint ORDER BY delete_at LIMIT ${DELETED_AT_ONCE} FOR UPDATE SKIP LOCKED))`,
);

/**
 * Deletes conversations whose time is over, with all that was said in them. Nobody sees them any more before that. It can be
 * interrupted and repeated at any time.
 * @param now epoch milliseconds of the journey clock
 * @returns whether there may be more to delete at once
 */
export async function deleteOldConversations(pool: Pick<Pool, 'query'>, now: number): Promise<boolean> {
  const { rowCount } = await pool.query(DELETE({ now }));
  return rowCount === DELETED_AT_ONCE;
}
