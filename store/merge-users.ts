import type { Pool } from 'pg';
import { MERGED } from '../engine/user/commands';
import { NEVER_SEEN, type Alias } from './aliases';
import { retryOnConflict } from './conflict';
import type { PendingEvent } from './pending';
import { statement } from './sql';

/**
 * Pairs in one transaction. The users of all these pairs stay locked until it ends, and the time for a long chain of ids grows with
 * the cube of its length.
 */
const AT_ONCE = 100;

interface MergeValues {
  readonly previousIds: readonly string[];
  readonly userIds: readonly string[];
  readonly mergedAt: number;
  readonly neverSeen: number;
  readonly eventName: string;
}

// The steps of a merge are a function of the database: see migrations/0014_merge_users.ts.
const MERGE = statement<MergeValues>(
  (param) => `
SELECT user_id AS "userId", id::text AS id, name, false AS "workflowLikelyRunning"
FROM merge_users(${param.previousIds}, ${param.userIds}, ${param.mergedAt}, ${param.neverSeen}, ${param.eventName})`,
);

/**
 * Merges pairs of ids, in their order. The previous id becomes an alias: later events for it are the user's.
 *
 * - Events, messages, runs that have ended, push subscriptions and consent move to the user.
 * - Traits move where the user has none of that name.
 * - An opt-out of a channel on either id wins.
 * - There is only one memory. If both have a lifecycle, the previous id's runs in progress end. If only the previous id has one,
 *   the user takes it over with its runs; this is what happens when a visitor signs up.
 * - An internal event wakes the user, so that their runs go on.
 * - A previous id that is already an alias is left alone: on a shared device the second person must not become the first.
 *
 * Each hundred pairs take one round trip and one transaction, which merges all of them or none.
 * @param pool has to give connections without an open transaction: a transaction that loses against another one is repeated
 * @param at time of the merge, epoch milliseconds of the journey clock
 * @returns the pending events of users that something was merged into; if an event appears twice, the last entry counts
 */
export async function mergeUsers(
  pool: Pick<Pool, 'query'>,
  aliases: readonly Alias[],
  at: number,
): Promise<PendingEvent[]> {
  const events: PendingEvent[] = [];
  for (let first = 0; first < aliases.length; first += AT_ONCE) {
    const some = aliases.slice(first, first + AT_ONCE);
    const merge = MERGE({
      previousIds: some.map(({ previousId }) => previousId),
      userIds: some.map(({ userId }) => userId),
      mergedAt: at,
      neverSeen: NEVER_SEEN,
      eventName: MERGED,
    });
    const { rows } = await retryOnConflict(() => pool.query<PendingEvent>(merge));
    events.push(...rows);
  }
  return events;
}
