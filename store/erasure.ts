import type { Pool } from 'pg';
import { resolveId, withUser } from './aliases';
import { retryOnConflict } from './conflict';
import type { Database } from './database';

/**
 * Deletes all there is of a user, and notes that their workflow is to go too. Under the lock of the user's row, so that no event
 * received at the same time is left behind.
 * @returns false when there is no such user
 */
export async function eraseUser(database: Database, id: string): Promise<boolean> {
  const erased = await withUser(database.pool, id, () => retryOnConflict(() => erase(database, id)));
  return erased !== null;
}

function erase({ knex }: Database, id: string): Promise<true | null> {
  return knex.transaction(async (transaction) => {
    const userId = await resolveId(transaction, id);
    const user: unknown = await transaction('users').where({ id: userId }).forUpdate().first('id');
    if (user === undefined) return null;
    await transaction('events').where({ user_id: userId }).delete();
    await transaction('users').where({ id: userId }).delete();
    await transaction('erasures')
      .insert({ user_id: userId })
      .onConflict('user_id')
      .merge({ requested_at: transaction.raw('excluded.requested_at') });
    return true;
  });
}

/** Erasures looked at in one round. */
export const ERASURES = 20;

/** Whose workflows are to be erased: those that began by the time of the request, which is not that at which its transaction began. */
export interface Erasure {
  readonly userId: string;
  readonly requestedAt: Date;
}

/** Erasures whose workflows are still there: `ERASURES` of them at most, of the users that follow an id. */
export async function pendingErasures(pool: Pool, after: string): Promise<Erasure[]> {
  const { rows } = await pool.query<Erasure>(
    `SELECT user_id AS "userId", requested_at AS "requestedAt" FROM erasures WHERE user_id > $1 ORDER BY user_id LIMIT $2`,
    [after, ERASURES],
  );
  return rows;
}

/** Notes that Temporal has a workflow of a user who is gone: what is told of them late starts one that nobody asked for. */
export async function noteRemains(pool: Pool, userId: string): Promise<void> {
  await pool.query(
    `INSERT INTO erasures (user_id) SELECT $1 WHERE NOT EXISTS (SELECT FROM users WHERE id = $1)
     ON CONFLICT (user_id) DO UPDATE SET requested_at = excluded.requested_at`,
    [userId],
  );
}

/**
 * Notes that nothing of a user is left; not before visibility has had time to list everything, and not if it was requested again
 * meanwhile.
 */
export async function finishErasure(
  pool: Pool,
  { userId, requestedAt }: Erasure,
  settleSeconds: number,
): Promise<void> {
  await pool.query(
    `DELETE FROM erasures WHERE user_id = $1 AND requested_at < now() - make_interval(secs => $2)
       AND requested_at < $3::timestamptz + interval '1 millisecond'`,
    [userId, settleSeconds, requestedAt],
  );
}
