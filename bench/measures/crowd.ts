import type { Pool } from 'pg';
import { searchesOf } from '../../activities/searches';
import { systemClock } from '../../engine/clock';
import { always, type Definitions } from '../../engine/definitions';
import { Release } from '../../store/releases';
import { short, type Figure } from '../figure';
import { monotonicMs } from '../part';
import { median } from '../stats';

const CROWD = 100_000;
const ROUNDS = 9;

/** The tables that grow with people, and what of a row a copy can't have in common with it. */
const COPIES = {
  users: `jsonb_build_object('id', o.id || '-' || n)`,
  events: `jsonb_build_object('user_id', o.user_id || '-' || n)`,
  runs: `jsonb_build_object('user_id', o.user_id || '-' || n, 'id', gen_random_uuid())`,
  messages: `jsonb_build_object('user_id', o.user_id || '-' || n, 'id', gen_random_uuid())`,
} as const;

/**
 * What a round of the relay costs when a hundred thousand people wait: the rows of the people who signed up are copied, since
 * the relay looks at nothing else. It runs each second, in every worker.
 */
export async function measureCrowd(pool: Pool, definitions: Definitions, people: number): Promise<Figure[]> {
  const times = Math.max(0, Math.ceil(CROWD / people) - 1);
  for (const [table, changes] of Object.entries(COPIES))
    await pool.query(
      `INSERT INTO ${table} OVERRIDING SYSTEM VALUE
       SELECT copy.* FROM ${table} o CROSS JOIN generate_series(1, $1::int) n
       CROSS JOIN LATERAL jsonb_populate_record(NULL::${table}, to_jsonb(o) || ${changes}) copy`,
      [times],
    );
  await pool.query('ANALYZE');
  const release = new Release(pool);
  await release.become(definitions);
  const searches = searchesOf({ pool, clock: systemClock, release, definitions: always(definitions) });
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = monotonicMs();
    for (const search of searches) await search.find(Date.now());
    rounds.push(monotonicMs() - begun);
  }
  const { rows } = await pool.query<{ people: number; bytes: number }>(
    `SELECT count(*)::int AS people, ${Object.keys(COPIES)
      .map((table) => `pg_total_relation_size('${table}')`)
      .join(' + ')} AS bytes FROM users`,
  );
  const { people: crowd = 0, bytes = 0 } = rows[0] ?? {};
  return [
    {
      name: 'idle',
      of: 'relay_round',
      value: short(median(rounds)),
      unit: 'ms',
      note: `all its searches, ${crowd} people waiting`,
    },
    {
      name: 'idle',
      of: 'bytes_per_user_in_a_crowd',
      value: short(bytes / crowd),
      unit: 'bytes',
      note: `${crowd} people, tables and indexes`,
    },
  ];
}
