import type { ForgetAt } from '../engine/model/forget-at';
import type { JsonObject } from '../engine/model/json';
import { resolvedId, withUser } from './aliases';
import { retryOnConflict } from './conflict';
import type { Database } from './database';
import { statement } from './sql';

/** An event that a user awaits; its user has to be woken. `id` is the number of its row, not the app's message id. */
export interface PendingEvent {
  readonly userId: string;
  readonly id: string;
  readonly name: string;
  readonly workflow: LikelyWorkflow;
}

/**
 * What is known of a user's workflow. `running`: the user was last saved as waiting for something, so it most likely runs. `queued`:
 * none runs, and the user is in the queue of lifecycles to start.
 */
export type LikelyWorkflow = 'running' | 'queued' | 'unknown';

/** SQL: what is known of the workflow of a user who is not queued. `asleep` is the column of that name. */
export function likelyWorkflow(asleep: string): string {
  return `CASE WHEN ${asleep} THEN 'running' ELSE 'unknown' END`;
}

/**
 * SQL: whether a set of awaited names contains this one. `*` stands for any activity of the user. All arguments are SQL
 * expressions.
 */
export function isAwaited(name: string, active: string, awaiting: string): string {
  return `(${name} = ANY (${awaiting}) OR (${active} AND '*' = ANY (${awaiting})))`;
}

/**
 * An event that Sojourn itself adds as a command to the engine. Until the engine has applied it, any later event may matter to the
 * user.
 */
export interface InternalEvent {
  readonly userId: string;
  readonly messageId: string;
  readonly name: string;
  /** Epoch milliseconds of the journey clock. */
  readonly at: number;
  readonly properties: JsonObject;
  /** Until when properties are kept. Default: for good. */
  readonly forgetAt?: ForgetAt | undefined;
}

type InsertValues = Omit<InternalEvent, 'properties' | 'forgetAt'> & {
  readonly properties: string;
  readonly forgetAt: string | null;
  readonly forgetNext: number | null;
};

const INSERT = statement<InsertValues>(
  (param) => `
WITH person AS (
  UPDATE users SET version = version + 1, awaiting_version = ''
  WHERE id = ${resolvedId(param.userId)}
  RETURNING id, asleep
), stored AS (
  INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, pending, forget_at, forget_next)
  SELECT id, ${param.messageId}, 'manual', ${param.name}, ${param.at}::bigint, ${param.at}::bigint, ${param.properties}::jsonb, true,
    ${param.forgetAt}::jsonb, ${param.forgetNext}::bigint
  FROM person
  ON CONFLICT (user_id, message_id) DO NOTHING
  RETURNING id
)
SELECT person.id AS "userId", ${likelyWorkflow('person.asleep')} AS workflow, stored.id::text AS id FROM person LEFT JOIN stored ON true`,
);

/**
 * Stores an internal event as pending.
 * @returns null when there is no such user; `event` is null when an event with this message id is already stored
 */
export async function addInternalEvent(
  { pool }: Database,
  event: InternalEvent,
): Promise<{ readonly event: PendingEvent | null } | null> {
  const { userId, messageId, name, at, properties, forgetAt } = event;
  const insert = INSERT({
    userId,
    messageId,
    name,
    at,
    properties: JSON.stringify(properties),
    forgetAt: forgetAt ? JSON.stringify(forgetAt) : null,
    forgetNext: forgetAt ? Math.min(...Object.values(forgetAt)) : null,
  });
  return withUser(pool, userId, async () => {
    const { rows } = await retryOnConflict(() =>
      pool.query<Omit<PendingEvent, 'id' | 'name'> & { id: string | null }>(insert),
    );
    const [row] = rows;
    return row ? { event: row.id === null ? null : { ...row, id: row.id, name } } : null;
  });
}

/** What waits for a worker. */
export interface Backlog {
  /** When the oldest pending event was received, in epoch milliseconds of the journey clock; null when no event is pending. */
  readonly oldest: number | null;
  /** Users whose lifecycle is to be started or woken by a worker. */
  readonly queued: number;
}

/** Measures what waits for a worker. */
export async function measureBacklog({ pool }: Database): Promise<Backlog> {
  const { rows } = await pool.query<Backlog>(
    `SELECT (SELECT min(received_at) FROM events WHERE pending) AS oldest,
       (SELECT count(*) FROM start_queue)::int AS queued`,
  );
  return rows[0] ?? { oldest: null, queued: 0 };
}
