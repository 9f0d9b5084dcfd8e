import type { Knex } from 'knex';
import type { Pool } from 'pg';
import { MERGED } from '../engine/user/commands';
import { retryOnConflict } from './conflict';
import type { PendingEvent } from './pending';

/** That the person known as `previousId` is `userId`, from now on too. */
export interface Alias {
  readonly previousId: string;
  readonly userId: string;
}

/** As last seen of a user whom no event has come for yet: when they were created is known with the first. */
export const NEVER_SEEN = 0;

/** SQL: the id a user is stored under, the given one or the one it has become. `id` is an SQL expression. */
export function resolvedId(id: string): string {
  return `coalesce((SELECT user_id FROM aliases WHERE previous_id = ${id}), ${id})`;
}

/** The id a user is stored under: the given one, or the one it has become. */
export async function resolveId(knex: Knex, id: string): Promise<string> {
  const row = await knex('aliases').where({ previous_id: id }).first<{ user_id: string } | undefined>('user_id');
  return row?.user_id ?? id;
}

/**
 * Does something with a user, in a statement that looks their id up by itself. It finds nobody when the user becomes another while it
 * waits for their row, and is then repeated.
 * @returns what it did; null when there is no such user
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

/** Has this id become another? */
export async function isAlias(pool: Pool, id: string): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT FROM aliases WHERE previous_id = $1', [id]);
  return rowCount === 1;
}

/**
 * Makes one user of two, pair after pair: events, messages, ended runs, subscriptions and answers of the previous one go over, traits
 * too where the user has none of that name, and later events for the previous id are the user's. A channel that either has said no to
 * stays refused. Of two users with a lifecycle each, the runs in progress of the previous one end, as there is only one memory. A user
 * with none yet, such as one who signs up and is given an id afterwards, takes over the previous one's with all that is in progress.
 * An event of our own lets the user's runs go on.
 * A previous id that is an alias already stays what it is: on a shared device the second person must not become the first.
 *
 * One statement for a hundred pairs, which does all of them or none: the steps are in the database (migrations/0014_merge_users.ts).
 * @param pool connections of their own: a statement that lost against another one is tried again
 * @param at when it was found out, epoch milliseconds of the journey clock
 * @returns the events of those who became more that nobody has looked at yet; of one that comes twice the later word counts
 */
export async function mergeUsers(
  pool: Pick<Pool, 'query'>,
  aliases: readonly Alias[],
  at: number,
): Promise<PendingEvent[]> {
  const events: PendingEvent[] = [];
  for (let first = 0; first < aliases.length; first += AT_ONCE) {
    const some = aliases.slice(first, first + AT_ONCE);
    const ids = [some.map(({ previousId }) => previousId), some.map(({ userId }) => userId)];
    const { rows } = await retryOnConflict(() => pool.query<PendingEvent>(MERGE, [...ids, at, NEVER_SEEN, MERGED]));
    events.push(...rows);
  }
  return events;
}

/** Pairs in one transaction: those they concern are locked for as long, and what a long chain of ids takes grows with its cube. */
const AT_ONCE = 100;

const MERGE = `SELECT user_id AS "userId", id::text AS id, name, false AS "workflowLikelyRunning" FROM merge_users($1, $2, $3, $4, $5)`;
