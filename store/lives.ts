import type { LivedEvent, Life, SaidOfGroup } from '../engine/compare/life';
import type { JsonObject } from '../engine/model/json';
import type { ChannelName } from '../engine/model/state';
import type { Preferences } from '../engine/model/topic-answer';
import { resolvedId } from './aliases';
import type { Database } from './database';
import { saidByOthers } from './group-history';
import { HAS_DEVICE } from './push-devices';
import { HAS_PUSH } from './push-subscriptions';

/** Ids read by one query. */
const PAGE = 500;

const FIND = `
SELECT u.id, u.created_at AS "createdAt", u.traits, u.consent, u.topics, u.memory ->> 'assignedAs' AS "assignedAs",
  ${HAS_PUSH} AS "hasPush", ${HAS_DEVICE} AS "hasDevice",
  coalesce((
    SELECT json_agg(json_build_object(
      'id', e.id::text, 'type', e.type, 'name', e.name, 'at', e.at, 'receivedAt', e.received_at, 'properties', e.properties, 'active', e.active,
      'forgetAt', e.forget_at, 'history', e.history
    ) ORDER BY e.received_at, e.id)
    FROM events e WHERE e.user_id = u.id
  ), '[]') AS events,
  coalesce(${saidByOthers('u.id')}, '[]') AS "saidOfGroups"
FROM users u WHERE u.id = ${resolvedId('$1')}`;

interface Row {
  readonly id: string;
  readonly createdAt: number;
  readonly traits: JsonObject;
  readonly consent: Partial<Record<ChannelName, boolean>>;
  readonly topics: Preferences;
  readonly hasPush: boolean;
  readonly hasDevice: boolean;
  readonly assignedAs: string | null;
  readonly events: readonly LivedEvent[];
  readonly saidOfGroups: readonly SaidOfGroup[];
}

/**
 * Returns everything that is known about a user.
 * @param id their id, or one that was merged into it
 * @returns null when there is no such user
 */
export async function findLife({ pool }: Database, id: string): Promise<Life | null> {
  const { rows } = await pool.query<Row>({ name: 'find-life', text: FIND, values: [id] });
  return rows[0] ?? null;
}

/**
 * Yields every user with an event received since a time, each with all their events, in the order of their ids.
 * @param since epoch milliseconds of the journey clock
 */
export async function* livesSince(database: Database, since: number): AsyncGenerator<Life> {
  for await (const id of idsSince(database, since)) {
    const life = await findLife(database, id);
    if (life) yield life;
  }
}

/**
 * Yields the id of every user with an event received since a time, in order.
 * @param since epoch milliseconds of the journey clock
 */
export async function* idsSince({ pool }: Database, since: number): AsyncGenerator<string> {
  let last = '';
  for (;;) {
    const { rows } = await pool.query<{ id: string }>({
      name: 'lives-since',
      text: `SELECT id FROM users u WHERE id > $1
        AND EXISTS (SELECT FROM events WHERE user_id = u.id AND received_at >= $2) ORDER BY id LIMIT ${PAGE}`,
      values: [last, since],
    });
    for (const { id } of rows) yield id;
    last = rows.at(-1)?.id ?? last;
    if (rows.length < PAGE) return;
  }
}

/** A message as recorded. `sent` is true when it was sent or is on its way. */
export interface RecordedMessage {
  readonly id: string;
  readonly journey: string;
  readonly step: string;
  readonly sent: boolean;
}

/**
 * Returns the messages of a user's journeys that were decided up to a time, except those still held.
 * @param until epoch milliseconds of the journey clock
 */
export async function recordedMessages({ pool }: Database, userId: string, until: number): Promise<RecordedMessage[]> {
  const { rows } = await pool.query<RecordedMessage>({
    name: 'recorded-messages',
    text: `SELECT m.id, m.journey, m.step, m.status IN ('queued', 'sending', 'retrying', 'sent') AS sent
      FROM messages m JOIN runs r ON r.id = m.run_id
      WHERE m.user_id = $1 AND m.decided_at <= $2 AND m.status <> 'held' ORDER BY m.decided_at`,
    values: [userId, until],
  });
  return rows;
}
