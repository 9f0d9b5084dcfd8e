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
      .merge({ requested_at: transaction.fn.now() });
    return true;
  });
}
