import type { Pool } from 'pg';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import type { Alias } from './aliases';
import { retryOnConflict } from './conflict';
import { setColumns, traitsSetBy } from './ingest-changes';
import { columnsOf, contentOf, type IncomingEvent, type Reception } from './ingest-values';
import type { PendingEvent } from './pending';
import { ingestFor } from './store-events-sql';

/** The outcome of the statement. */
export interface StoredEvents {
  /** The number of new events. */
  readonly stored: number;
  /** The new events that are awaited. */
  readonly pending: PendingEvent[] | null;
  /** Ids that have to be merged first. If there are any, nothing was stored. */
  readonly merges: Alias[] | null;
  /** The places of events that are not stored, because the traits of their user would become too large. */
  readonly tooLarge: number[] | null;
  /** Whether none of the users exists, and so nothing was stored. */
  readonly isOfNobody: boolean;
  /** The ids of users who do not exist, and whose events are therefore not stored; null if there are none. */
  readonly leftOut: string | null;
}

/**
 * Stores events in one statement. An event that is already stored is left as it is.
 *
 * The statement can't tell a user who was erased from an id that is merged into another one while it waits for the user's row: in both
 * cases the row is gone. So it is repeated when it leaves events out. It then finds the merged id under its new user. Once the same
 * users are missing again, they do not exist.
 * @param events in the order they were sent. Either all of them are history, or none is
 */
export async function storeEvents(
  pool: Pool,
  { current, changes }: DefinitionsProvider,
  events: readonly IncomingEvent[],
  { receivedAt, ofKnownUsers = false }: Reception,
): Promise<StoredEvents> {
  // Imported history changes no trait in the eyes of a journey: what it sets is known from the beginning.
  const sets = events[0]?.history ? [] : traitsSetBy(events, current);
  const content = { ...contentOf(events, current, sets.length > 0), ofKnownUsers };
  const query = ingestFor(content)({
    ...columnsOf(events, content, current, receivedAt),
    version: current.version,
    reactsTo: current.reactsTo,
    reactsToExactly: current.reactsToExactly,
    dates: current.dates,
    hasCalendar: current.hasCalendar,
    changes,
    receivedAt,
    ...setColumns(sets),
  });
  const store = async (): Promise<StoredEvents> => {
    const { rows } = await retryOnConflict(() => pool.query<StoredEvents>(query));
    const [row] = rows;
    if (!row) throw new Error('The ingest statement returned no row; it always returns one.');
    return row;
  };
  let all = await store();
  for (let missing: string | null = null; all.merges === null && all.leftOut !== missing;) {
    missing = all.leftOut;
    const { stored, pending } = all;
    const more = await store();
    all = { ...more, stored: stored + more.stored, pending: [...(pending ?? []), ...(more.pending ?? [])] };
  }
  return all;
}
