import type { Pool } from 'pg';
import { searchesOf, type Search } from '../../activities/lost-wake-ups';
import { TimerLateness } from '../../activities/timer-lateness';
import { systemClock } from '../../engine/model/clock';
import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import { Release } from '../../store/releases';
import { copyUsers, COPIES } from '../copy-users';
import { short, type Figure } from '../figure';
import { monotonicMs } from '../part';
import { median } from '../stats';

const CROWD = 100_000;
const ROUNDS = 9;

/**
 * Measures what the relay costs while 100,000 users wait. The relay runs in every worker and reads only rows, so the rows of the
 * users who signed up are copied.
 */
export async function measureCrowd(pool: Pool, definitions: Definitions, ids: readonly string[]): Promise<Figure[]> {
  const times = Math.max(0, Math.ceil(CROWD / ids.length) - 1);
  const before = await stored(pool);
  await copyUsers(pool, ids, times);
  const release = new Release(pool);
  await release.become(definitions);
  const searches = searchesOf({
    pool,
    clock: systemClock,
    release,
    definitions: staticDefinitions(definitions),
    lateness: new TimerLateness(),
  });
  const edits = searches.filter(({ name }) => name === 'edited');
  const [frequent, rare] = [await timed(searches.filter(({ name }) => name !== 'edited')), await timed(edits)];
  const after = await stored(pool);
  const copied = after.people - before.people;
  return [
    {
      name: 'idle',
      of: 'relay_round',
      value: short(frequent),
      unit: 'ms',
      note: `all searches that run every second or every few seconds, with ${after.people} users waiting`,
    },
    {
      name: 'idle',
      of: 'relay_search_for_edits',
      value: short(rare),
      unit: 'ms',
      note: 'runs every minute while workers of other releases are alive or users are found, then less and less often, down to every 16 minutes',
    },
    ...(copied > 0 ? [sizeOf(copied, after.bytes - before.bytes)] : []),
  ];
}

/** The size of the copied rows. With enough real users nothing is copied, and `bytes_per_user` has the size. */
function sizeOf(people: number, bytes: number): Figure {
  const note = `${people} users, tables and indexes`;
  return { name: 'idle', of: 'bytes_per_user_in_a_crowd', value: short(bytes / people), unit: 'bytes', note };
}

/** Returns the median total time of these searches, in milliseconds. */
async function timed(searches: readonly Search[]): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = monotonicMs();
    for (const search of searches) await search.find();
    rounds.push(monotonicMs() - begun);
  }
  return median(rounds);
}

async function stored(pool: Pool): Promise<{ readonly people: number; readonly bytes: number }> {
  const sizes = Object.keys(COPIES).map((table) => `pg_total_relation_size('${table}')`);
  const { rows } = await pool.query<{ people: number; bytes: number }>(
    `SELECT count(*)::int AS people, ${sizes.join(' + ')} AS bytes FROM users`,
  );
  const [row] = rows;
  if (!row) throw new Error('Expected one row from the aggregate query, got none.');
  return { people: row.people, bytes: row.bytes };
}
