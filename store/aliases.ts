import type { Knex } from 'knex';
import { retryOnConflict } from './conflict';
import type { PendingEvent } from './pending';

/** That the person known as `previousId` is `userId`; found out at `at`, epoch milliseconds of the journey clock. */
export interface Merge {
  readonly previousId: string;
  readonly userId: string;
  readonly at: number;
}

/** The id a user is stored under: the given one, or the one it has become. */
export async function resolveId(knex: Knex, id: string): Promise<string> {
  const row = await knex('aliases').where({ previous_id: id }).first<{ user_id: string } | undefined>('user_id');
  return row?.user_id ?? id;
}

/**
 * Makes one user of two: events, messages, ended runs, subscriptions and answers of the previous one go over, traits too where the
 * user has none of that name, and later events for the previous id are the user's. Runs in progress end, as their journal was made
 * for someone of whom less was known. A previous id that is an alias already stays what it is: on a shared device the second
 * person must not become the first.
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
     SELECT id, :at, 0 FROM unnest(ARRAY[:previous, :target]) AS id ORDER BY id
     ON CONFLICT (id) DO UPDATE SET version = u.version + 1`,
    ids,
  );
  for (const statement of MOVES) await knex.raw(statement, ids);
  const { rows } = await knex.raw<{ rows: PendingEvent[] }>(
    `SELECT user_id AS "userId", id::text AS id, name FROM events WHERE user_id = :target AND pending ORDER BY events.id`,
    ids,
  );
  return rows;
}

/** What the previous user has, table by table. Its row goes last: what refers to it would go with it. */
const MOVES = [
  `UPDATE events e SET user_id = :target
   WHERE user_id = :previous
     AND NOT EXISTS (SELECT FROM events same WHERE same.user_id = :target AND same.message_id = e.message_id)`,
  `DELETE FROM events WHERE user_id = :previous`,
  `UPDATE messages SET status = 'cancelled', reason = 'merged'
   WHERE user_id = :previous AND status IN ('queued', 'held', 'sending', 'retrying')`,
  `UPDATE runs SET status = 'exited', ended_at = :at, reason = 'merged',
     body = body || jsonb_build_object('status', 'exited', 'endedAt', CAST(:at AS bigint), 'reason', 'merged')
   WHERE user_id = :previous AND status IN ('active', 'failed')`,
  `UPDATE runs SET user_id = :target WHERE user_id = :previous`,
  `UPDATE messages SET user_id = :target WHERE user_id = :previous`,
  `UPDATE push_subscriptions SET user_id = :target WHERE user_id = :previous`,
  `INSERT INTO stage_changes (user_id, at, "from", "to", reason)
   SELECT :target, at, "from", "to", reason FROM stage_changes WHERE user_id = :previous ORDER BY id
   ON CONFLICT DO NOTHING`,
  `UPDATE aliases SET user_id = :target WHERE user_id = :previous`,
  `UPDATE users u SET
     traits = merge_traits(p.traits, u.traits),
     consent = p.consent || u.consent,
     created_at = least(u.created_at, p.created_at),
     last_seen_at = greatest(u.last_seen_at, p.last_seen_at),
     awaiting_version = ''
   FROM users p WHERE u.id = :target AND p.id = :previous`,
  `DELETE FROM users WHERE id = :previous`,
  `INSERT INTO aliases (previous_id, user_id) VALUES (:previous, :target)`,
  `INSERT INTO erasures (user_id) VALUES (:previous) ON CONFLICT (user_id) DO UPDATE SET requested_at = now()`,
];
