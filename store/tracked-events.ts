import type { Pool } from 'pg';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import { INTERNAL_PREFIX } from '../engine/model/activity';
import type { TrackedEvent } from '../engine/model/tracked';
import type { IncomingEvent } from './ingest-values';
import type { PendingEvent } from './pending';
import { jsonText } from './storable';
import { storeEvents } from './store-events';

/** Events that `undelivered` returns at most. */
export const TRACKED_AT_ONCE = 200;

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
  const incoming = events.map((event) => toIncoming(event, now));
  const { pending } = await storeEvents(pool, definitions, incoming, { receivedAt: now });
  await pool.query('DELETE FROM tracked_events WHERE id = ANY ($1::uuid[])', [events.map(({ id }) => id)]);
  return pending ?? [];
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
