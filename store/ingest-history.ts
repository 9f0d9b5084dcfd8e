import { NEVER_SEEN } from './aliases';
import type { IngestValues } from './ingest-values';
import type { Placeholders } from './sql';

/*
 * Imported history is stored as seen, so it wakes nobody. Its user is looked at when something else wakes them, or before time alone can
 * change anything about them. The instant of an import grows from statement to statement for each user, under the lock of their row. So
 * the engine misses nothing that is committed while it decides.
 */

/** SQL about history, for the ingest statement. Its batch has nothing but history. */
export interface HistoryInSql {
  /** A further column of `item`, from the column `look_at` of the call. */
  readonly item: string;
  /** What is inserted for a new user besides: when to look at them, and when they were imported. */
  readonly inserted: string;
  /** What is set for a known user besides. */
  readonly sets: string;
  /** When a known user was created. */
  readonly createdAt: string;
}

/** @param param the placeholders of the statement */
export function historyIn(param: Placeholders<IngestValues>): HistoryInSql {
  return {
    item: ', i.look_at',
    inserted: `, min(i.look_at), ${param.receivedAt}::bigint`,
    sets: `wake_at = least(u.wake_at, excluded.wake_at),
    imported_at = greatest(excluded.imported_at, u.imported_at + 1),`,
    createdAt: `CASE WHEN u.last_seen_at = ${NEVER_SEEN} THEN excluded.created_at ELSE least(u.created_at, excluded.created_at) END`,
  };
}
