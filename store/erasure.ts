import type { Knex } from 'knex';
import type { Pool } from 'pg';
import { resolveId, withUser } from './aliases';
import { retryOnConflict } from './conflict';
import type { Database } from './database';
import { KEEP_GROUP_TRAITS } from './group-history';
import { announceInApp } from './in-app-announcements';

/**
 * Deletes all data of a user, and records that their workflow has to be erased too. The user's row is locked first, so that no
 * event received at the same time is left behind.
 * @returns false when there is no such user
 */
export async function eraseUser(database: Database, id: string): Promise<boolean> {
  const announced = await withUser(database.pool, id, () => retryOnConflict(() => erase(database, id)));
  if (announced === null) return false;
  announceInApp(database.pool, announced);
  return true;
}

/** Returns whose apps show something else now: the user's, and those of others in their conversations; null when there is no such user. */
function erase({ knex }: Database, id: string): Promise<readonly string[] | null> {
  return knex.transaction(async (transaction) => {
    const userId = await resolveId(transaction, id);
    const user: unknown = await transaction('users').where({ id: userId }).forUpdate().first('id');
    if (user === undefined) return null;
    const others = await deleteConversationsOf(transaction, userId);
    await transaction.raw(KEEP_GROUP_TRAITS, { userId });
    await transaction('events').where({ user_id: userId }).delete();
    await transaction('start_queue').where({ user_id: userId }).delete();
    const previous = transaction('aliases').where({ user_id: userId }).select('previous_id');
    // Events under way to the user would make them known again, and those from them tell about them.
    await transaction('tracked_events')
      .where({ user_id: userId })
      .orWhere({ from_user: userId })
      .orWhereIn('user_id', previous)
      .orWhereIn('from_user', previous.clone())
      .delete();
    await forgetPlace(transaction, [
      userId,
      ...((await previous.clone()) as { previous_id: string }[]).map((row) => row.previous_id),
    ]);
    await transaction('users').where({ id: userId }).delete();
    await transaction('erasures')
      .insert({ user_id: userId })
      .onConflict('user_id')
      .merge({ requested_at: transaction.raw('excluded.requested_at') });
    return [userId, ...others];
  });
}

/**
 * Sets the removal of old rows back to the user before these, where it keeps one of their ids as its place. The row is locked first: a
 * step under way may be about to store such an id, and the next one begins after the erasure.
 */
async function forgetPlace(transaction: Knex.Transaction, ids: string[]): Promise<void> {
  await transaction('retention').forUpdate().select('one');
  await transaction('retention')
    .whereIn('last_user', ids)
    .update({
      last_user: transaction.raw(`coalesce((SELECT max(id) FROM users WHERE id < last_user AND id <> ALL (?)), '')`, [
        ids,
      ]),
    });
}

/**
 * Deletes the conversations in which a user takes part. What they said in others, which they have left, goes with the user.
 * @returns the ids of the others
 */
async function deleteConversationsOf(transaction: Knex.Transaction, userId: string): Promise<string[]> {
  const own = transaction('chat_participants').where({ user_id: userId }).whereNull('left_at').select('conversation');
  // Locked first, as by those who say something: so nobody joins meanwhile.
  const conversations = (await transaction('conversations').whereIn('id', own).forUpdate().pluck('id')) as number[];
  const others = (await transaction('chat_participants')
    .whereIn('conversation', conversations)
    .pluck('user_id')) as string[];
  await transaction('conversations').whereIn('id', conversations).delete();
  return others;
}

/** The maximum number of erasures that `pendingErasures` returns. */
export const ERASURES = 20;

/** An erased user. The workflows to erase are those that started by `requestedAt`, which is when the erasure was recorded. */
export interface Erasure {
  readonly userId: string;
  readonly requestedAt: Date;
}

/**
 * Lists erasures with workflows that may still exist, at most `ERASURES`, in the order of their users' ids.
 * @param after only ids that follow this one
 */
export async function pendingErasures(pool: Pool, after: string): Promise<Erasure[]> {
  const { rows } = await pool.query<Erasure>(
    `SELECT user_id AS "userId", requested_at AS "requestedAt" FROM erasures WHERE user_id > $1 ORDER BY user_id LIMIT $2`,
    [after, ERASURES],
  );
  return rows;
}

/**
 * Records an erasure for a user who no longer exists, because Temporal still has a workflow of theirs: a late signal has started
 * it.
 */
export async function eraseAgain(pool: Pool, userId: string): Promise<void> {
  await pool.query(
    `INSERT INTO erasures (user_id) SELECT $1 WHERE NOT EXISTS (SELECT FROM users WHERE id = $1)
     ON CONFLICT (user_id) DO UPDATE SET requested_at = excluded.requested_at`,
    [userId],
  );
}

/**
 * Records that no workflow of a user is left. Does nothing if the erasure was requested again since, or less than `settleSeconds`
 * of real time ago: Temporal's visibility needs that time to list all workflows.
 */
export async function finishErasure(
  pool: Pool,
  { userId, requestedAt }: Erasure,
  listingDelaySeconds: number,
): Promise<void> {
  await pool.query(
    `DELETE FROM erasures WHERE user_id = $1 AND requested_at < now() - make_interval(secs => $2)
       AND requested_at < $3::timestamptz + interval '1 millisecond'`,
    [userId, listingDelaySeconds, requestedAt],
  );
}
