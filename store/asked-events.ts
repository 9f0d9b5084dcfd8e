import type { Pool } from 'pg';
import type { UserEvent } from '../engine/model/state';
import { prepared } from './sql';

/** At most this many events of each name are loaded, the latest ones. */
export const LOOK_BACK = 10_000;

interface AskedValues {
  readonly id: string;
  readonly names: readonly string[];
  readonly since: readonly number[];
}

const ASKED = prepared<AskedValues>(
  'asked-events',
  (param) => `
SELECT e.id::text AS id, e.name, e.at, e.received_at AS "receivedAt", e.properties, e.active, e.pending, e.forget_at AS "forgetAt",
  e.history
FROM unnest(${param.names}::text[], ${param.since}::bigint[]) AS asked (name, since)
CROSS JOIN LATERAL (
  SELECT * FROM events WHERE user_id = ${param.id} AND name = asked.name AND at >= asked.since ORDER BY at DESC LIMIT ${LOOK_BACK}
) e`,
);

/**
 * Loads the events that a step asks for, in one statement.
 * @param since by name, when the events have to begin, epoch milliseconds
 */
export async function askedEvents(
  pool: Pool,
  id: string,
  since: Readonly<Record<string, number>>,
): Promise<readonly UserEvent[]> {
  const values = { id, names: Object.keys(since), since: Object.values(since) };
  return (await pool.query<UserEvent>(ASKED(values))).rows;
}
