import type { Pool } from 'pg';
import { staticDefinitions, type Definitions } from '../engine/definitions/definitions';
import { InFlightCount, type InFlightSummary } from '../engine/preview/in-flight';
import { outlook } from '../engine/preview/outlook';
import { loadAndDecide } from './state-decide';

/** Ids read by one query. */
const PAGE = 500;
/** Users decided at the same time. Fewer than the pool has connections, so that other queries still get one. */
const SIDE_BY_SIDE = 5;

/** Options of `previewInFlight`. */
export interface InFlightOptions {
  /** Returns the present time of the journey clock, epoch milliseconds. */
  readonly now: () => number;
  /** Called before each page. When it returns true the preview ends, and the summary says that it is incomplete. */
  readonly enough?: () => boolean;
}

/**
 * Previews what these definitions do to every user inside a journey at the next advance. With edited definitions that is as soon as
 * a worker with these starts. Nothing is saved. Users are read page by page, so memory doesn't grow with their number.
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
    const decideAll = async (): Promise<void> => {
      for (let id = left.shift(); id !== undefined; id = left.shift()) {
        const decided = await loadAndDecide({ pool, definitions: staticDefinitions(definitions), now }, id);
        if (decided) count.add(id, outlook(decided.loaded.state, decided.advanced, definitions, decided.now));
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, decideAll));
    last = page.at(-1) ?? last;
    if (page.length < PAGE) return count.summary();
  }
}

/** Returns the ids of one page of users inside a journey, in order, after the given id. */
async function usersInside(pool: Pool, after: string): Promise<string[]> {
  const { rows } = await pool.query<{ user_id: string }>({
    name: 'users-inside',
    text: `SELECT DISTINCT user_id FROM runs WHERE status IN ('active', 'failed') AND user_id > $1 ORDER BY user_id LIMIT ${PAGE}`,
    values: [after],
  });
  return rows.map((row) => row.user_id);
}
