import type { FlagUser } from '../engine/flags/evaluate';
import { resolvedId } from './aliases';
import type { Database } from './database';

const FIND = `
SELECT id, traits, stage, memory ->> 'assignedAs' AS "assignedAs", coalesce(memory -> 'flags', '{}') AS flags
FROM users WHERE id = ${resolvedId('$1')}`;

/**
 * Finds what the values of flags depend on. A user nobody has been heard of under is one without traits, in the first stage.
 * @param id their id, or one that was merged into it
 */
export async function findFlagUser({ pool }: Database, id: string): Promise<FlagUser> {
  const { rows } = await pool.query<FlagUser>({ name: 'find-flag-user', text: FIND, values: [id] });
  return rows[0] ?? { id, assignedAs: null, stage: '', traits: {}, flags: {} };
}
