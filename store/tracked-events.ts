import type { Pool } from 'pg';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import { INTERNAL_PREFIX } from '../engine/model/activity';
import { CHAT_EVENTS } from '../engine/model/chat-events';
import type { TrackedEvent } from '../engine/model/tracked';
import type { IncomingEvent } from './ingest-values';
import type { PendingEvent } from './pending';
import { jsonText } from './storable';
import { storeEvents } from './store-events';

/** Events that `undelivered` returns at most. */
export const TRACKED_AT_ONCE = 200;

const OF_CHATS: ReadonlySet<string> = new Set(Object.values(CHAT_EVENTS));

/** An event on its way to its user. */
export interface EventUnderWay extends TrackedEvent {
  /** Whether the user did it. Those that journeys track only happen to them. */
  readonly active?: boolean;
}

/**
 * Receives events that journeys have tracked, or that say what happened in conversations, as the API receives those of apps, and then
 * forgets that they were under way. If it is interrupted in between, it is repeated: an event that is already stored is left as it is,
 * by its message id.
 * @param now epoch milliseconds of the journey clock
 * @returns the events that are awaited
 */
export async function receiveTracked(
  pool: Pool,
  definitions: DefinitionsProvider,
  events: readonly EventUnderWay[],
  now: number,
): Promise<readonly PendingEvent[]> {
  const store = async (some: readonly EventUnderWay[], ofKnownUsers: boolean): Promise<readonly PendingEvent[]> => {
    if (some.length === 0) return [];
    const incoming = some.map((event) => toIncoming(event, now));
    return (await storeEvents(pool, definitions, incoming, { receivedAt: now, ofKnownUsers })).pending ?? [];
  };
  const isOfChat = ({ name }: EventUnderWay): boolean => OF_CHATS.has(name);
  // A journey may tell somebody of whom nothing is known. Somebody in a conversation who is unknown has been erased.
  const pending = [
    ...(await store(
      events.filter((event) => !isOfChat(event)),
      false,
    )),
    ...(await store(events.filter(isOfChat), true)),
  ];
  await pool.query('DELETE FROM tracked_events WHERE id = ANY ($1::uuid[])', [events.map(({ id }) => id)]);
  return pending;
}

function toIncoming(
  { id, userId, name, at, properties, forgetAt, active = false }: EventUnderWay,
  now: number,
): IncomingEvent {
  return {
    userId,
    // No app can send such an id.
    messageId: `${INTERNAL_PREFIX}${id}`,
    type: 'track',
    name,
    at: Math.min(at, now),
    active,
    traits: null,
    properties: jsonText(properties),
    forgetAt: forgetAt ?? null,
    anonymousId: null,
  };
}

/**
 * Lists events that were saved this long ago and are not received yet, the oldest first: whoever saved them has died.
 * @param seconds real seconds
 */
export async function undelivered(pool: Pick<Pool, 'query'>, seconds: number): Promise<readonly EventUnderWay[]> {
  const { rows } = await pool.query<EventUnderWay>(
    `SELECT id, user_id AS "userId", name, at, properties, forget_at AS "forgetAt", active FROM tracked_events
     WHERE saved_at < now() - make_interval(secs => $1) ORDER BY saved_at LIMIT ${TRACKED_AT_ONCE}`,
    [seconds],
  );
  return rows;
}
