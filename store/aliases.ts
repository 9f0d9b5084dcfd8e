import type { Knex } from 'knex';
import type { Pool } from 'pg';

/** States that `previousId` is the same person as `userId`, now and from now on. */
export interface Alias {
  readonly previousId: string;
  readonly userId: string;
}

/** What the id of a visitor begins with: a person of whom only an anonymous id is known. Every other id is that of a user. */
export const VISITOR_PREFIX = 'anon:';

/** Returns the id under which a visitor is stored until they identify themselves. */
export function visitorId(anonymousId: string | number): string {
  return `${VISITOR_PREFIX}${anonymousId}`;
}

/** `last_seen_at` of a user without any event yet. The first event also sets when they were created. */
export const NEVER_SEEN = 0;

/** SQL: the id a user is stored under, which is the given one or the one it was merged into. `id` is an SQL expression. */
export function resolvedId(id: string): string {
  return `coalesce((SELECT user_id FROM aliases WHERE previous_id = ${id}), ${id})`;
}

/** Returns the id a user is stored under: the given one, or the one it was merged into. */
export async function resolveId(knex: Knex, id: string): Promise<string> {
  const row = await knex('aliases').where({ previous_id: id }).first<{ user_id: string } | undefined>('user_id');
  return row?.user_id ?? id;
}

/**
 * Runs a statement that resolves the id of its user. Such a statement finds no user if the id is merged into another one while it
 * waits for the user's row. In that case it is repeated once.
 * @param act runs the statement; returns null when it found no user
 * @returns the result of `act`; null when there is no such user
 */
export async function withUser<Result>(
  pool: Pool,
  id: string,
  act: () => Promise<Result | null>,
): Promise<Result | null> {
  const done = await act();
  if (done !== null) return done;
  return (await isAlias(pool, id)) ? act() : null;
}

/** Tells whether an id was merged into another one. */
export async function isAlias(pool: Pool, id: string): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT FROM aliases WHERE previous_id = $1', [id]);
  return rowCount === 1;
}
