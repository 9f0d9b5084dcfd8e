import type { JsonObject } from '../engine/model/json';
import { resolvedId, withUser } from './aliases';
import { retryOnConflict } from './conflict';
import type { Database } from './database';

/** An event somebody waits for, to wake its user with. `id` is our own number for it, not the app's message id. */
export interface PendingEvent {
  readonly userId: string;
  readonly id: string;
  readonly name: string;
  /** The user's lifecycle was left waiting for something: most likely it runs. */
  readonly workflowLikelyRunning: boolean;
}

/** SQL: does a set of awaited names contain this one? `*` stands for whatever the user does. All three are SQL expressions. */
export function isAwaited(name: string, active: string, awaiting: string): string {
  return `(${name} = ANY (${awaiting}) OR (${active} AND '*' = ANY (${awaiting})))`;
}

/** An event of our own, for the engine to obey; until it has, anything that comes may matter to the user. Times are epoch milliseconds of the journey clock. */
export interface InternalEvent {
  readonly userId: string;
  readonly messageId: string;
  readonly name: string;
  readonly at: number;
  readonly properties: JsonObject;
}

const INSERT = `
WITH person AS (
  UPDATE users SET version = version + 1, awaiting_version = ''
  WHERE id = ${resolvedId('$1')}
  RETURNING id, asleep
), stored AS (
  INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, pending)
  SELECT id, $2, 'manual', $3, $4::bigint, $4::bigint, $5::jsonb, true FROM person
  ON CONFLICT (user_id, message_id) DO NOTHING
  RETURNING id
)
SELECT person.id AS "userId", person.asleep AS "workflowLikelyRunning", stored.id::text AS id FROM person LEFT JOIN stored ON true`;

/**
 * Stores an event of our own, pending.
 * @returns null when there is no such user; `event` is null when this message id was stored before
 */
export async function addInternalEvent(
  { pool }: Database,
  { userId, messageId, name, at, properties }: InternalEvent,
): Promise<{ readonly event: PendingEvent | null } | null> {
  const values = [userId, messageId, name, at, JSON.stringify(properties)];
  return withUser(pool, userId, async () => {
    const { rows } = await retryOnConflict(() =>
      pool.query<Omit<PendingEvent, 'id' | 'name'> & { id: string | null }>(INSERT, values),
    );
    const [row] = rows;
    return row
      ? {
          event:
            row.id === null
              ? null
              : { userId: row.userId, id: row.id, name, workflowLikelyRunning: row.workflowLikelyRunning },
        }
      : null;
  });
}

/**
 * When the oldest event that no worker has looked at yet was received, epoch milliseconds of the journey clock; null when there
 * is none.
 */
export async function oldestPending({ pool }: Database): Promise<number | null> {
  const { rows } = await pool.query<{ oldest: number | null }>(
    'SELECT min(received_at) AS oldest FROM events WHERE pending',
  );
  return rows[0]?.oldest ?? null;
}
