import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Pool } from 'pg';
import { MERGED } from '../engine/internal';
import { retryOnConflict } from './conflict';
import type { PendingEvent } from './pending';

/** That the person known as `previousId` is `userId`; found out at `at`, epoch milliseconds of the journey clock. */
export interface Merge {
  readonly previousId: string;
  readonly userId: string;
  readonly at: number;
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
 * Makes one user of two: events, messages, ended runs, subscriptions and answers of the previous one go over, traits too where the
 * user has none of that name, and later events for the previous id are the user's. A channel that either has said no to stays
 * refused. Of two users with a lifecycle each, the runs in progress of the previous one end, as there is only one memory. A user
 * with none yet, such as one who signs up and is given an id afterwards, takes over the previous one's with all that is in progress.
 * An event of our own lets the user's runs go on.
 * A previous id that is an alias already stays what it is: on a shared device the second person must not become the first.
 * @returns the events that came over and that nobody has looked at yet
 */
export async function mergeUsers(knex: Knex, merge: Merge): Promise<PendingEvent[]> {
  return retryOnConflict(() => knex.transaction((transaction) => mergeIn(transaction, merge)));
}

async function mergeIn(knex: Knex, { previousId, userId, at }: Merge): Promise<PendingEvent[]> {
  const target = await resolveId(knex, userId);
  if (previousId === target || (await resolveId(knex, previousId)) !== previousId) return [];
  const ids = { previous: previousId, target, at };
  // Both rows, in the order ingest takes them, whether or not they exist: whoever writes an event for either has to wait.
  await knex.raw(
    `INSERT INTO users AS u (id, created_at, last_seen_at)
     SELECT id, :at, ${NEVER_SEEN} FROM unnest(ARRAY[:previous, :target]) AS id ORDER BY id
     ON CONFLICT (id) DO UPDATE SET version = u.version + 1`,
    ids,
  );
  const { rows: taken } = await knex.raw<{ rows: unknown[] }>(TAKE_OVER, ids);
  for (const statement of taken.length > 0 ? MOVES : [...ENDS, ...MOVES]) await knex.raw(statement, ids);
  await knex.raw(GO_ON, { target, at, messageId: randomUUID(), name: MERGED, taken: taken.length > 0 });
  const { rows } = await knex.raw<{ rows: PendingEvent[] }>(
    `SELECT user_id AS "userId", id::text AS id, name, false AS asleep FROM events WHERE user_id = :target AND pending ORDER BY events.id`,
    ids,
  );
  return rows;
}

/** Gives a user without a lifecycle the previous one's; answers with a row if it did. */
const TAKE_OVER = `
  UPDATE users u SET memory = p.memory, stage = p.stage, state_format = p.state_format, release = p.release,
    awaiting = p.awaiting, wake_at = p.wake_at
  FROM users p WHERE u.id = :target AND p.id = :previous AND u.memory IS NULL AND p.memory IS NOT NULL
  RETURNING true AS taken`;

/**
 * Of a lifecycle taken over, the workflow that would have gone on is the previous user's: the target's is woken in its place. To the
 * target's own runs what the previous user did may be what they wait for, or an exit, and nobody has looked at it for them.
 */
const GO_ON = `
  INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, pending)
  SELECT :target, :messageId, 'manual', :name, :at, :at, '{}', true
  WHERE :taken OR EXISTS (SELECT FROM runs WHERE user_id = :target AND status IN ('active', 'failed'))`;

/** What the previous user was in the midst of. */
const ENDS = [
  `UPDATE messages SET status = 'cancelled', reason = 'merged'
   WHERE user_id = :previous AND status IN ('queued', 'held', 'sending', 'retrying')`,
  `UPDATE runs SET status = 'exited', ended_at = :at, reason = 'merged',
     body = body || jsonb_build_object('status', 'exited', 'endedAt', CAST(:at AS bigint), 'reason', 'merged')
   WHERE user_id = :previous AND status IN ('active', 'failed')`,
];

/** What the previous user has, table by table. Its row goes last: what refers to it would go with it. */
const MOVES = [
  `UPDATE events e SET user_id = :target
   WHERE user_id = :previous
     AND NOT EXISTS (SELECT FROM events same WHERE same.user_id = :target AND same.message_id = e.message_id)`,
  `DELETE FROM events WHERE user_id = :previous`,
  `UPDATE runs SET user_id = :target WHERE user_id = :previous`,
  `UPDATE messages SET user_id = :target WHERE user_id = :previous`,
  `UPDATE push_subscriptions SET user_id = :target WHERE user_id = :previous`,
  `INSERT INTO stage_changes (user_id, at, "from", "to", reason)
   SELECT :target, at, "from", "to", reason FROM stage_changes WHERE user_id = :previous ORDER BY id
   ON CONFLICT DO NOTHING`,
  `UPDATE aliases SET user_id = :target WHERE user_id = :previous`,
  `UPDATE users u SET
     traits = merge_traits(p.traits, u.traits),
     consent = (
       SELECT coalesce(jsonb_object_agg(channel, coalesce(p.consent -> channel <> 'false', true) AND coalesce(u.consent -> channel <> 'false', true)), '{}')
       FROM jsonb_object_keys(p.consent || u.consent) AS channel
     ),
     created_at = least(u.created_at, p.created_at),
     last_seen_at = greatest(u.last_seen_at, p.last_seen_at),
     awaiting_version = ''
   FROM users p WHERE u.id = :target AND p.id = :previous`,
  `DELETE FROM users WHERE id = :previous`,
  `INSERT INTO aliases (previous_id, user_id) VALUES (:previous, :target)`,
  `INSERT INTO erasures (user_id, requested_at) VALUES (:previous, clock_timestamp())
   ON CONFLICT (user_id) DO UPDATE SET requested_at = excluded.requested_at`,
];
