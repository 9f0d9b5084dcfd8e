import type { FlagUser } from '../engine/flags/evaluate';
import { resolvedId } from './aliases';
import type { Database } from './database';

const FIND = `
SELECT id, traits, stage, memory ->> 'assignedAs' AS "assignedAs", coalesce(memory -> 'flags', '{}') AS flags
FROM users WHERE id = ${resolvedId('$1')} AND (id = $1 OR $2)`;

/**
 * Finds what the values of flags depend on. A user nobody has been heard of under is one without traits, in the first stage.
 * @param alsoAsAlias whether the id may be one that was merged into theirs. Whoever has only the token of a user may not find another
 */
export async function findFlagUser({ pool }: Database, id: string, alsoAsAlias: boolean): Promise<FlagUser> {
  const { rows } = await pool.query<FlagUser>({ name: 'find-flag-user', text: FIND, values: [id, alsoAsAlias] });
  return rows[0] ?? { id, assignedAs: null, stage: '', traits: {}, flags: {} };
}
