import type { Pool } from 'pg';
import { statement } from './sql';

/** Pending events that are told with one start. */
const MAX_EVENTS = 20;
/** A claim that is older was made by a worker that has died. Real seconds. */
const ABANDONED_SECONDS = 30;

/**
 * SQL: the rank by which a user's turn is later than the time they are queued. The users of one batch take turns with everybody who
 * comes while the batch is worked off: the hundredth of a batch goes after those who come within the next hundred seconds, so a large
 * batch delays nobody for long. It waits the longer itself, but not for ever.
 */
const TURN = (rank: string): string => `now() + (${rank} - 1) * interval '1 second'`;

/**
 * SQL: queues the users of a query, with their turns.
 * @param users a query that returns `user_id` and the order `n`
 */
export function insertStarts(users: string, reason: string): string {
  return `
  INSERT INTO start_queue AS queue (user_id, turn, reason)
  SELECT user_id, ${TURN('row_number() OVER (ORDER BY n)')}, ${reason} FROM (${users}) AS starting ORDER BY user_id
  -- A claimed row goes back into the queue: whoever claimed it may have read the user's events already.
  ON CONFLICT (user_id) DO UPDATE SET claimed_at = NULL WHERE queue.claimed_at IS NOT NULL`;
}

interface AddValues {
  readonly userIds: readonly string[];
  readonly reason: string | null;
}

const ADD = statement<AddValues>((param) =>
  insertStarts(
    `SELECT user_id, n FROM unnest(${param.userIds}::text[]) WITH ORDINALITY AS u (user_id, n)`,
    `${param.reason}::text`,
  ),
);

interface ClaimValues {
  readonly count: number;
  readonly finished: readonly string[];
}

const CLAIM = statement<ClaimValues>(
  (param) => `
WITH finished AS (
  -- A row that is queued again, or about to be, stays.
  DELETE FROM start_queue WHERE user_id IN (
    SELECT user_id FROM start_queue WHERE user_id = ANY (${param.finished}::text[]) AND claimed_at IS NOT NULL FOR UPDATE SKIP LOCKED)
), claimed AS (
  UPDATE start_queue SET claimed_at = now() WHERE user_id IN (
    SELECT user_id FROM start_queue WHERE claimed_at IS NULL ORDER BY turn LIMIT ${param.count}::int FOR UPDATE SKIP LOCKED)
  RETURNING user_id, turn, reason
)
SELECT c.user_id AS "userId", c.reason, coalesce(e.events, '[]') AS events
FROM claimed c CROSS JOIN LATERAL (
  SELECT json_agg(json_build_object('id', id::text, 'name', name)) AS events FROM (
    SELECT id, name FROM events WHERE user_id = c.user_id AND pending ORDER BY received_at, id LIMIT ${MAX_EVENTS}
  ) first
) e
ORDER BY c.turn`,
);

/** A user whose lifecycle has to be started. */
export interface QueuedStart {
  readonly userId: string;
  /** What to check, where it is not only for the events. */
  readonly reason: string | null;
  /** The pending events, the oldest first. */
  readonly events: readonly { readonly id: string; readonly name: string }[];
}

/**
 * Queues users whose lifecycle has to be started. One who is queued already keeps their turn.
 * @param reason what to check; null where it is only for pending events
 */
export async function queueStarts(pool: Pool, userIds: readonly string[], reason: string | null): Promise<void> {
  await pool.query(ADD({ userIds, reason }));
}

/**
 * Claims the users whose turn is next, and removes users whose start is finished.
 * @param count how many to claim at most
 * @param finished users claimed earlier
 */
export async function claimStarts(pool: Pool, count: number, finished: readonly string[]): Promise<QueuedStart[]> {
  const { rows } = await pool.query<QueuedStart>({ name: 'claim-starts', ...CLAIM({ count, finished }) });
  return rows;
}

/** Gives claimed users back, for example because Temporal can't be reached. */
export async function releaseStarts(pool: Pool, userIds: readonly string[]): Promise<void> {
  await pool.query('UPDATE start_queue SET claimed_at = NULL WHERE user_id = ANY ($1::text[])', [userIds]);
}

/** Releases the claims of workers that have died. */
export async function releaseAbandonedStarts(pool: Pool): Promise<void> {
  await pool.query(
    'UPDATE start_queue SET claimed_at = NULL WHERE claimed_at < now() - make_interval(secs => $1::int)',
    [ABANDONED_SECONDS],
  );
}
