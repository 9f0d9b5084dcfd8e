import type { Pool } from 'pg';
import type { ForgetAt } from '../engine/model/forget-at';
import { resolvedId } from './aliases';
import { retryOnConflict } from './conflict';
import type { Database } from './database';
import type { PendingEvent } from './pending';
import { statement } from './sql';
import { insertStarts } from './start-queue';

/** What a command says. Commands that say the same share one, so that it is sent to the database once. */
export interface CommandContent {
  /** The text of a JSON object. */
  readonly properties: string;
  /** Until when properties are kept. Default: for good. */
  readonly forgetAt: ForgetAt | undefined;
}

/** A command to the engine about one of many users. */
export interface Command {
  readonly userId: string;
  /** Unique among the events of the user: a command with the same id is stored once. */
  readonly messageId: string;
  readonly content: CommandContent;
}

/** What many commands have in common: the name of their events, and the time in epoch milliseconds of the journey clock. */
export interface CommandEvent {
  readonly name: string;
  readonly at: number;
}

/** What became of a command. `unknown`: there is no such user. */
export type CommandOutcome = 'stored' | 'duplicate' | 'unknown';

interface AddValues extends CommandEvent {
  readonly userIds: readonly string[];
  readonly messageIds: readonly string[];
  /** For each command, the place of its content, counted from 1. */
  readonly contents: readonly number[];
  readonly properties: readonly string[];
  readonly forgetAt: readonly (string | null)[];
  readonly forgetNext: readonly (number | null)[];
}

const ADD = statement<AddValues>(
  (param) => `
WITH given AS (
  SELECT ${resolvedId('c.user_id')} AS user_id, c.message_id, c.content, c.n
  FROM unnest(${param.userIds}::text[], ${param.messageIds}::text[], ${param.contents}::int[])
    WITH ORDINALITY AS c (user_id, message_id, content, n)
), content AS (
  SELECT c.properties::jsonb AS properties, c.forget_at::jsonb AS forget_at, c.forget_next, c.n
  FROM unnest(${param.properties}::text[], ${param.forgetAt}::text[], ${param.forgetNext}::bigint[])
    WITH ORDINALITY AS c (properties, forget_at, forget_next, n)
), known AS (
  -- Two ids of a list may be those of one user. A command that is stored already changes nothing.
  SELECT g.*, row_number() OVER (PARTITION BY g.user_id, g.message_id ORDER BY g.n) AS nth,
    (SELECT e.id FROM events e WHERE e.user_id = g.user_id AND e.message_id = g.message_id) IS NOT NULL AS is_stored
  FROM given g
), locked AS (
  -- In the order of their ids, as by ingest, so that two lists can't deadlock. Rows that refer to a user need not wait for this lock.
  SELECT u.id FROM (SELECT DISTINCT user_id FROM known WHERE NOT is_stored ORDER BY user_id) k
  CROSS JOIN LATERAL (SELECT id FROM users WHERE id = k.user_id FOR NO KEY UPDATE) u
), person AS (
  UPDATE users u SET version = u.version + 1, awaiting_version = '' FROM locked l WHERE u.id = l.id RETURNING u.id
), stored AS (
  INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, pending, forget_at, forget_next)
  SELECT p.id, k.message_id, 'manual', ${param.name}, ${param.at}::bigint, ${param.at}::bigint, c.properties, true, c.forget_at, c.forget_next
  FROM known k JOIN person p ON p.id = k.user_id JOIN content c ON c.n = k.content
  WHERE k.nth = 1 AND NOT k.is_stored ORDER BY k.n
  ON CONFLICT (user_id, message_id) DO NOTHING
  RETURNING id, user_id, message_id
), queued AS (
  -- Users whose workflow runs are queued, too: the workers wake as many as they can take.
  ${insertStarts('SELECT user_id, min(id) AS n FROM stored GROUP BY user_id')}
)
SELECT k.user_id AS "userId", s.id::text AS id,
  CASE
    WHEN s.id IS NOT NULL THEN 'stored' WHEN k.is_stored OR p.id IS NOT NULL THEN 'duplicate' ELSE 'unknown'
  END AS outcome
FROM known k
  LEFT JOIN person p ON p.id = k.user_id
  LEFT JOIN stored s ON s.user_id = k.user_id AND s.message_id = k.message_id AND k.nth = 1
ORDER BY k.n`,
);

interface Row {
  readonly userId: string;
  readonly id: string | null;
  readonly outcome: CommandOutcome;
}

/**
 * Stores commands about many users, and queues the users for the workers.
 * @returns the outcome of each command, in their order, and the events to announce
 */
export async function addCommands(
  { pool }: Database,
  event: CommandEvent,
  commands: readonly Command[],
): Promise<{ readonly outcomes: readonly CommandOutcome[]; readonly pending: readonly PendingEvent[] }> {
  const rows = await add(pool, event, commands);
  // An id may have been merged into another one while the statement waited for its user.
  const missing = commands.flatMap((command, n) => (rows[n]?.outcome === 'unknown' ? [{ command, n }] : []));
  const merged = await aliasesAmong(
    pool,
    missing.map(({ command }) => command.userId),
  );
  const again = missing.filter(({ command }) => merged.has(command.userId));
  const later = await add(
    pool,
    event,
    again.map(({ command }) => command),
  );
  again.forEach(({ n }, place) => rows.splice(n, 1, ...later.slice(place, place + 1)));
  const { name } = event;
  return {
    outcomes: rows.map(({ outcome }) => outcome),
    pending: rows.flatMap(({ userId, id }) => (id === null ? [] : [{ userId, id, name, workflow: 'queued' as const }])),
  };
}

async function add(pool: Pool, event: CommandEvent, commands: readonly Command[]): Promise<Row[]> {
  if (commands.length === 0) return [];
  const contents = [...new Set(commands.map(({ content }) => content))];
  const placeOf = new Map(contents.map((content, n) => [content, n + 1]));
  const insert = ADD({
    ...event,
    userIds: commands.map(({ userId }) => userId),
    messageIds: commands.map(({ messageId }) => messageId),
    contents: commands.map(({ content }) => placeOf.get(content) ?? 0),
    properties: contents.map(({ properties }) => properties),
    forgetAt: contents.map(({ forgetAt }) => (forgetAt ? JSON.stringify(forgetAt) : null)),
    forgetNext: contents.map(({ forgetAt }) => (forgetAt ? Math.min(...Object.values(forgetAt)) : null)),
  });
  const { rows } = await retryOnConflict(() => pool.query<Row>(insert));
  return rows;
}

async function aliasesAmong(pool: Pool, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await pool.query<{ id: string }>(
    'SELECT previous_id AS id FROM aliases WHERE previous_id = ANY ($1::text[])',
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}
