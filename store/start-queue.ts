import type { Pool } from 'pg';
import { prepared, statement } from './sql';

/** Pending events that are told with one start. */
const MAX_EVENTS = 20;
/** A claim that is older was made by a worker that has died. Real seconds. */
const ABANDONED_SECONDS = 30;

/**
 * SQL: queues the users of a query, with their turns. The users of one batch take turns with everybody who comes while the batch is
 * worked off: the tenth of a batch goes after those who come within the next hundred seconds, so a large batch delays nobody for long.
 * It waits the longer itself, but not for ever.
 * @param users a query that returns `user_id` and the order `n`
 * @param delay an interval that is added to every turn
 */
export function insertStarts(users: string, reason = 'NULL::text', delay = "interval '0'"): string {
  return `
  INSERT INTO start_queue AS queue (user_id, turn, reason)
  SELECT user_id, now() + ${delay} + (row_number() OVER (ORDER BY n) - 1) * interval '10 seconds', ${reason}
  FROM (${users}) AS starting ORDER BY user_id
  -- A claimed row goes back into the queue: whoever claimed it may have read the user's events already.
  ON CONFLICT (user_id) DO UPDATE SET claimed_at = NULL, turn = least(queue.turn, excluded.turn),
    reason = coalesce(queue.reason, excluded.reason)
  WHERE queue.claimed_at IS NOT NULL OR excluded.turn < queue.turn OR queue.reason IS NULL AND excluded.reason IS NOT NULL`;
}

interface AddValues {
  readonly userIds: readonly string[];
  readonly reason: string | null;
  readonly delaySeconds: number;
}

const ADD = statement<AddValues>((param) =>
  insertStarts(
    `SELECT user_id, n FROM unnest(${param.userIds}::text[]) WITH ORDINALITY AS u (user_id, n)`,
    `${param.reason}::text`,
    `make_interval(secs => ${param.delaySeconds}::int)`,
  ),
);

interface ClaimValues {
  readonly count: number;
  readonly finished: readonly string[];
  /** The length of `finished`. */
  readonly reported: number;
}

/**
 * The statement is planned while the queue is empty, so the planner would choose to read all of it for a join. Rows are found by an
 * index once, and by their place from then on, where they stay while they are locked. The planner takes an unknown limit for a tenth of
 * the rows, which is one.
 */
const CLAIM = prepared<ClaimValues>(
  'claim-starts',
  (param) => `
WITH reported AS (
  -- A row that is queued again, or about to be, stays.
  SELECT unlocked.place FROM (SELECT * FROM unnest(${param.finished}::text[]) AS f (user_id) LIMIT ${param.reported}) f
  CROSS JOIN LATERAL (
    SELECT q.ctid AS place FROM start_queue q WHERE q.user_id = f.user_id AND q.claimed_at IS NOT NULL FOR UPDATE SKIP LOCKED
  ) unlocked
), finished AS (
  DELETE FROM start_queue q USING reported r WHERE q.ctid = r.place
), next AS (
  SELECT ctid AS place FROM start_queue WHERE claimed_at IS NULL ORDER BY turn LIMIT ${param.count}::int FOR UPDATE SKIP LOCKED
), claimed AS (
  UPDATE start_queue q SET claimed_at = now() FROM next WHERE q.ctid = next.place
  RETURNING q.user_id, q.turn, q.reason
)
SELECT c.user_id AS "userId", coalesce((SELECT asleep FROM users WHERE id = c.user_id), false) AS "isLikelyRunning",
  c.reason, coalesce(e.events, '[]') AS events
FROM claimed c CROSS JOIN LATERAL (
  SELECT json_agg(json_build_object('id', id::text, 'name', name)) AS events FROM (
    SELECT id, name FROM events WHERE user_id = c.user_id AND pending ORDER BY received_at, id LIMIT ${MAX_EVENTS}
  ) first
) e
ORDER BY c.turn`,
);

/** A user whose lifecycle has to be started, or woken. */
export interface QueuedStart {
  readonly userId: string;
  /** True when the user was last saved as waiting for something, so that their workflow most likely runs. */
  readonly isLikelyRunning: boolean;
  /** What to check, where it is not only for the events. */
  readonly reason: string | null;
  /** The pending events, the oldest first. */
  readonly events: readonly { readonly id: string; readonly name: string }[];
}

/**
 * Queues users whose lifecycle has to be started or woken. One who is queued already keeps the earlier turn.
 * @param reason what to check; null where it is only for pending events
 * @param delaySeconds real seconds by which their turns are later than that of somebody who comes now
 */
export async function queueStarts(
  pool: Pool,
  userIds: readonly string[],
  reason: string | null,
  delaySeconds = 0,
): Promise<void> {
  await pool.query(ADD({ userIds, reason, delaySeconds }));
}

/**
 * Claims the users whose turn is next, and removes users whose start is finished.
 * @param count how many to claim at most
 * @param finished users claimed earlier
 */
export async function claimStarts(pool: Pool, count: number, finished: readonly string[]): Promise<QueuedStart[]> {
  const { rows } = await pool.query<QueuedStart>(CLAIM({ count, finished, reported: finished.length }));
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
