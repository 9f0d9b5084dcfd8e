import type { JsonObject } from '../engine/model/json';
import { resolvedId } from './aliases';
import type { Database } from './database';

/**
 * Finds the traits of a user, and nothing else of them.
 * @param id their id, or one that was merged into it
 * @returns null when there is no such user
 */
export async function findTraits({ pool }: Database, id: string): Promise<JsonObject | null> {
  const { rows } = await pool.query<{ traits: JsonObject }>({
    name: 'find-traits',
    text: `SELECT traits FROM users WHERE id = ${resolvedId('$1')}`,
    values: [id],
  });
  return rows[0]?.traits ?? null;
}
