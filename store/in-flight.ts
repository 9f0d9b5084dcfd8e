import type { Pool } from 'pg';
import { staticDefinitions, type Definitions } from '../engine/definitions/definitions';
import { InFlightCount, type InFlightSummary } from '../engine/preview/in-flight';
import { outlook } from '../engine/preview/outlook';
import { loadAndDecide } from './state-decide';

/** Ids read at once. */
const PAGE = 500;
/** Users looked at side by side: fewer than the pool has connections, lest nobody else gets one. */
const SIDE_BY_SIDE = 5;

/** How those in flight are looked at. */
export interface InFlightOptions {
  /** The present of the journey clock, epoch milliseconds. */
  readonly now: () => number;
  /** Called before each page; true ends the search, and the summary says so. */
  readonly enough?: () => boolean;
}

/**
 * What the definitions do to everyone inside a journey when they are next looked at, which under edited definitions is as soon
 * as a worker with these has started. Nothing is saved. Users are read page by page, so memory doesn't grow with their number.
 */
export async function previewInFlight(
  pool: Pool,
  definitions: Definitions,
  { now, enough = () => false }: InFlightOptions,
): Promise<InFlightSummary> {
  const count = new InFlightCount();
  let last = '';
  for (;;) {
    if (enough()) return count.summary(true);
    const page = await usersInside(pool, last);
    const left = [...page];
    const look = async (): Promise<void> => {
      for (let id = left.shift(); id !== undefined; id = left.shift()) {
        const decided = await loadAndDecide({ pool, definitions: staticDefinitions(definitions), now }, id);
        if (decided) count.add(id, outlook(decided.loaded.state, decided.advanced, definitions, decided.now));
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, look));
    last = page.at(-1) ?? last;
    if (page.length < PAGE) return count.summary();
  }
}

/** Ids of users inside a journey, in order, after one. */
async function usersInside(pool: Pool, after: string): Promise<string[]> {
  const { rows } = await pool.query<{ user_id: string }>({
    name: 'users-inside',
    text: `SELECT DISTINCT user_id FROM runs WHERE status IN ('active', 'failed') AND user_id > $1 ORDER BY user_id LIMIT ${PAGE}`,
    values: [after],
  });
  return rows.map((row) => row.user_id);
}
