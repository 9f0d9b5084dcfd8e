import type { Pool, PoolClient } from 'pg';
import type { NeededHistory } from '../engine/outline/needed-history';
import { lookedBack } from './looked-back';
import {
  PAGE,
  REMOVE_EVENTS,
  REMOVE_MESSAGES,
  REMOVE_RUNS,
  REMOVE_STAGE_CHANGES,
  REMOVED_AT_ONCE,
  type RemovalValues,
} from './retention-sql';
import type { Query } from './sql';
import { inTransaction } from './transaction';

/** What is kept for a stated time. Ended runs count from their end, everything else from when it was received or decided. */
export const KEPT = ['events', 'messages', 'runs'] as const;
export type Kept = (typeof KEPT)[number];

/** For how long rows are kept, milliseconds of the journey clock; null for ever. */
export type Retention = Readonly<Record<Kept, number | null>>;

/** Before when rows are removed, epoch milliseconds of the journey clock; null for never. */
export type Cutoffs = Readonly<Record<Kept, number | null>>;

/** How many rows a step has removed, by table. */
export type Removed = Readonly<Record<Kept | 'stage_changes', number>>;

/** What a step knows. Times are epoch milliseconds of the journey clock. */
export interface RemovalParts {
  readonly retention: Retention;
  /** What the definitions may still need. What steps have asked for so far is added. */
  readonly needed: NeededHistory;
  readonly now: number;
  /** Real milliseconds from the end of a pass to the beginning of the next one. */
  readonly restMs: number;
  /** The most users that a step looks at. */
  readonly users?: number;
}

/** What became of a step. */
export interface RemovalStep {
  readonly removed: Removed;
  /** The pass has come to its end. */
  readonly isComplete: boolean;
}

const DAY_MS = 86_400_000;
/** The longest span that the database can subtract. */
const EVER = Number.MAX_SAFE_INTEGER;
/** The most users that a step looks at. */
const USERS = 100;

/** A time in the future counts as never. */
const TAKE = `SELECT last_user AS "lastUser" FROM retention WHERE completed_at IS NULL OR completed_at NOT BETWEEN now() - make_interval(secs => $1::float8 / 1000) AND now()
FOR UPDATE SKIP LOCKED`;

const KEEP_PLACE = `UPDATE retention SET last_user = $1, before = $2,
  completed_at = CASE WHEN $3::boolean THEN clock_timestamp() ELSE completed_at END`;

interface Place {
  readonly lastUser: string;
}

interface PageRow {
  readonly id: string;
  readonly decidedUntil: number;
  readonly openSince: number | null;
}

/** Before when rows may go. Nothing goes that is younger than an event may be that lets a user enter. */
export function cutoffs({ retention, needed, now }: Pick<RemovalParts, 'retention' | 'needed' | 'now'>): Cutoffs {
  const before = (keepMs: number | null): number | null =>
    keepMs === null ? null : now - Math.max(keepMs, needed.freshnessMs + DAY_MS);
  return { events: before(retention.events), messages: before(retention.messages), runs: before(retention.runs) };
}

/**
 * Makes one step of a pass through all users: removes rows of the next few that are older than they are to be kept, and that nothing
 * needs. One process at a time makes a step, in a transaction of its own, so a step is atomic, even if the process is killed.
 * @returns null when another process makes a step, or when it is not yet time for another pass
 */
export async function removeOld(pool: Pool, parts: RemovalParts): Promise<RemovalStep | null> {
  return inTransaction(pool, async (client) => {
    const [place] = (await client.query<Place>(TAKE, [parts.restMs])).rows;
    if (!place) return null;
    const { now, users = USERS } = parts;
    const { rows } = await client.query<PageRow>(PAGE({ last: place.lastUser, count: users, now }));
    const before = cutoffs(parts);
    const removed = await removeOf(client, rows, before, await withLookBack(client, parts.needed));
    // There may be more of these users: the next step looks at them again.
    const isMore = Object.values(removed).includes(REMOVED_AT_ONCE);
    const isComplete = !isMore && rows.length < users;
    const lastUser = isComplete ? '' : isMore ? place.lastUser : (rows.at(-1)?.id ?? place.lastUser);
    await client.query(KEEP_PLACE, [lastUser, JSON.stringify(before), isComplete]);
    return { removed, isComplete };
  });
}

/** Adds what steps have asked for so far: the functions of a journey do not say it all. */
async function withLookBack(client: PoolClient, needed: NeededHistory): Promise<NeededHistory> {
  const lookBack = new Map(needed.lookBack);
  for (const [name, span] of await lookedBack(client)) lookBack.set(name, Math.max(span, lookBack.get(name) ?? 0));
  return { ...needed, lookBack };
}

async function removeOf(
  client: PoolClient,
  rows: readonly PageRow[],
  before: Cutoffs,
  { lookBack, ofOpenRuns, lastRuns }: NeededHistory,
): Promise<Removed> {
  const of = {
    ids: rows.map(({ id }) => id),
    decidedUntil: rows.map(({ decidedUntil }) => decidedUntil),
    openSince: rows.map(({ openSince }) => openSince),
  };
  const remove = async (until: number | null, query: (values: RemovalValues) => Query): Promise<number> =>
    until === null ? 0 : ((await client.query(query({ ...of, before: until }))).rowCount ?? 0);
  return {
    events: await remove(before.events, (values) =>
      REMOVE_EVENTS({ ...values, names: [...lookBack.keys()], spans: finite(lookBack), ofOpenRuns }),
    ),
    stage_changes: await remove(before.events, REMOVE_STAGE_CHANGES),
    messages: await remove(before.messages, REMOVE_MESSAGES),
    runs: await remove(before.runs, (values) =>
      REMOVE_RUNS({ ...values, keyed: [...lastRuns.keys()], spans: finite(lastRuns) }),
    ),
  };
}

function finite(spans: ReadonlyMap<string, number>): number[] {
  return [...spans.values()].map((span) => Math.min(span, EVER));
}

/** Notes that a worker is to remove rows from now on. Only the first time counts. */
export async function noteRetention(pool: Pool): Promise<void> {
  await pool.query('UPDATE retention SET began_at = now() WHERE began_at IS NULL');
}

/** Real seconds since a pass last came to its end, or since the first one was to begin; null if none was yet. */
export async function measureRetention(pool: Pool): Promise<number | null> {
  const { rows } = await pool.query<{ seconds: number | null }>(
    'SELECT extract(epoch FROM clock_timestamp() - coalesce(completed_at, began_at))::float8 AS seconds FROM retention',
  );
  const [row] = rows;
  return row?.seconds == null ? null : Math.max(0, row.seconds);
}

/** Before when rows have been removed, as far as nothing needed them; null for what has not been removed yet. */
export async function removedBefore(pool: Pick<Pool, 'query'>): Promise<Cutoffs> {
  const { rows } = await pool.query<{ before: Cutoffs | null }>('SELECT before FROM retention');
  return rows[0]?.before ?? { events: null, messages: null, runs: null };
}
