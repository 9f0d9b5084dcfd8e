import type { Pool } from 'pg';
import { MERGED } from '../engine/user/commands';
import { NEVER_SEEN, VISITOR_PREFIX, visitorId, type Alias } from './aliases';
import { retryOnConflict } from './conflict';
import { announceInApp } from './in-app-announcements';
import type { PendingEvent } from './pending';
import { statement } from './sql';

/** Pairs in one transaction. The users of all these pairs stay locked until it ends. */
const AT_ONCE = 250;

/** The most previous ids that a user can have. Each is a row that every further merge of that user has to rewrite. */
export const MOST_PREVIOUS_IDS = 1_000;

/** What may be merged into a user: other users too, or only visitors. */
export type Mergeable = 'users' | 'visitors';

/**
 * Why two ids were not merged:
 *
 * - `known user`: the previous id is that of a user, or of a visitor that a user was merged into. Only visitors could be merged.
 * - `visitor`: a visitor can only be merged into a user, not into another visitor.
 * - `too many ids`: the user would have more than `MOST_PREVIOUS_IDS`.
 */
export type MergeRefusal = 'known user' | 'visitor' | 'too many ids';

/** The result of merging a list of pairs. */
export interface Merged {
  /** The pending events of users that something was merged into. If an event appears twice, the last entry counts. */
  readonly pending: readonly PendingEvent[];
  /** The pairs that were not merged, by their position in the list. */
  readonly refused: ReadonlyMap<number, MergeRefusal>;
}

interface MergeValues {
  readonly previousIds: readonly string[];
  readonly userIds: readonly string[];
  /** The previous ids as the caller named them. */
  readonly namedIds: readonly string[];
  readonly usersToo: boolean;
  readonly visitorPrefix: string;
  readonly mostIds: number;
  readonly mergedAt: number;
  readonly neverSeen: number;
  readonly eventName: string;
}

// The steps of a merge are a function of the database: see migrations/0029_refusals_in_lists.ts, and 0047_imported_users.ts for what was added.
const MERGE = statement<MergeValues>(
  (param) => `
SELECT user_id AS "userId", id::text AS id, name, 'unknown' AS workflow, pair, cause
FROM merge_ids(
  ${param.previousIds}, ${param.userIds}, ${param.namedIds}, ${param.usersToo}, ${param.visitorPrefix}, ${param.mostIds},
  ${param.mergedAt}, ${param.neverSeen}, ${param.eventName}
)`,
);

/** A pending event, or a refused pair with its cause. */
type Row = PendingEvent & { readonly pair: number; readonly cause: MergeRefusal | null };

/**
 * Merges pairs of ids, in their order. The previous id becomes an alias: later events for it are the user's.
 *
 * - Events, messages, runs that have ended and push subscriptions move to the user.
 * - Traits move where the user has none of that name.
 * - An opt-out of either wins. But where only visitors are mergeable, anybody can name a visitor of their own: what that visitor
 *   refused counts for a user who has been heard of before only if it is about the same email address, and a browser in which
 *   notifications were refused is not subscribed any more.
 * - There is only one memory. If both have a lifecycle, the previous id's runs in progress end. If only the previous id has one,
 *   the user takes it over with its runs; this is what happens when a visitor signs up.
 * - An internal event wakes the user, so that their runs go on.
 * - A previous id that is already an alias is left alone: on a shared device the second person must not become the first.
 *
 * The pairs take one round trip and one transaction for each `AT_ONCE` of them, which merges all of them or none. The work grows
 * with what moves, however the ids are chained.
 * @param pool has to give connections without an open transaction: a transaction that loses against another one is repeated
 * @param mergeable where this is `visitors`, a previous id is an anonymous id, with or without `VISITOR_PREFIX`
 * @param at time of the merge, epoch milliseconds of the journey clock
 */
export async function mergeUsers(
  pool: Pick<Pool, 'query'>,
  aliases: readonly Alias[],
  mergeable: Mergeable,
  at: number,
): Promise<Merged> {
  const pending: PendingEvent[] = [];
  const refused = new Map<number, MergeRefusal>();
  for (let first = 0; first < aliases.length; first += AT_ONCE) {
    const some = aliases.slice(first, first + AT_ONCE);
    const namedIds = some.map(({ previousId }) => previousId);
    const previousIds = mergeable === 'users' ? namedIds : namedIds.map(asVisitor);
    const userIds = some.map(({ userId }) => userId);
    const merge = MERGE({
      previousIds,
      userIds,
      namedIds,
      usersToo: mergeable === 'users',
      visitorPrefix: VISITOR_PREFIX,
      mostIds: MOST_PREVIOUS_IDS,
      mergedAt: at,
      neverSeen: NEVER_SEEN,
      eventName: MERGED,
    });
    const { rows } = await retryOnConflict(() => pool.query<Row>(merge));
    for (const { pair, cause, ...event } of rows) {
      if (cause === null) pending.push(event);
      else refused.set(first + pair, cause);
    }
    // A user who is an alias was resolved by the database.
    const joined = rows.filter(({ cause }) => cause === null).map(({ userId }) => userId);
    announceInApp(pool, [...previousIds, ...userIds, ...joined]);
  }
  return { pending, refused };
}

function asVisitor(id: string): string {
  return id.startsWith(VISITOR_PREFIX) ? id : visitorId(id);
}
