import type { Pool } from 'pg';
import { remembered } from './gatherer';

const DAY_MS = 86_400_000;
/** The largest span that is stored, for all of the past. */
const EVER = Number.MAX_SAFE_INTEGER;

const NOTE = `
INSERT INTO looked_back AS l (name, span) SELECT * FROM unnest($1::text[], $2::bigint[])
ON CONFLICT (name) DO UPDATE SET span = excluded.span WHERE excluded.span > l.span`;

/** What this process has noted already, so that nearly no question costs a statement. */
const notedIn = remembered((_pool: Pool) => new Map<string, number>());

/**
 * Notes how far back steps ask for events, so that the removal of old events leaves these. Running the functions with
 * example users finds most, not all.
 * @param since by name, when the events begin that were asked for, epoch milliseconds
 * @param now epoch milliseconds of the journey clock
 */
export async function noteLookBack(pool: Pool, since: Readonly<Record<string, number>>, now: number): Promise<void> {
  const noted = notedIn(pool);
  const further = Object.entries(since)
    // Whole days, so that a step that is decided a little later asks for nothing new.
    .map(([name, from]) => [name, from <= 0 ? EVER : Math.ceil((now - from) / DAY_MS) * DAY_MS] as const)
    .filter(([name, span]) => span > (noted.get(name) ?? 0));
  if (further.length === 0) return;
  await pool.query(NOTE, [further.map(([name]) => name), further.map(([, span]) => span)]);
  for (const [name, span] of further) noted.set(name, span);
}

/** How far back steps have asked for events, by name, in milliseconds; `Infinity` for all of the past. */
export async function lookedBack(pool: Pick<Pool, 'query'>): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ name: string; span: number }>('SELECT name, span FROM looked_back');
  return new Map(rows.map(({ name, span }) => [name, span >= EVER ? Infinity : span]));
}
