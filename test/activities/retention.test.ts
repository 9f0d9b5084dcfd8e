import { performance } from 'node:perf_hooks';
import { Removal } from '../../activities/retention';
import { removedRows, retentionLag } from '../../config/metrics';
import { systemClock } from '../../engine/model/clock';
import { Release } from '../../store/releases';
import { testDatabase } from '../support/database';
import { depsWith } from './support';

const DAY = 86_400_000;

test('a worker removes what is old, counts it, and rests; not while workers of two releases run, nor without a setting', async () => {
  const database = await testDatabase();
  const { pool, knex } = database;
  const { definitions } = await depsWith(database, () => Promise.reject(new Error('unused')));
  const at = Date.now() - 100 * DAY;
  await knex('users').insert(['ada', 'bob'].map((id) => ({ id, created_at: 0, last_seen_at: 0 })));
  const store = (id: string): Promise<unknown> =>
    knex('events').insert(
      ['ada', 'bob'].map((user_id) => ({
        ...{ user_id, message_id: id, type: 'track', name: 'Scrolled', at, received_at: at },
        ...{ properties: {}, pending: false },
      })),
    );
  const left = async (): Promise<number> => (await knex('events').select('id')).length;
  const counted = async (): Promise<number> =>
    (await removedRows.get()).values.find(({ labels }) => labels.table === 'events')?.value ?? 0;
  await store('first');

  const release = new Release(pool);
  const kept = { events: null, messages: null, runs: null };
  const parts = { pool, clock: systemClock, definitions, release };
  const lag = async (): Promise<number | undefined> => (await retentionLag.get()).values[0]?.value;
  await new Removal({ ...parts, retention: kept }).round(performance.now());
  expect([await left(), await lag()]).toEqual([2, undefined]);

  const removal = new Removal({ ...parts, retention: { ...kept, events: 60 * DAY } });
  release.hasLiveRivals = true;
  await removal.round(performance.now());
  expect(await left()).toBe(2);
  // While no pass comes to its end, the first one included, the lag grows.
  const shift = (column: string): Promise<unknown> =>
    pool.query(`UPDATE retention SET ${column} = ${column} - interval '2 hours'`);
  await shift('began_at');
  expect(await lag()).toBeGreaterThanOrEqual(7_200);

  release.hasLiveRivals = false;
  const before = await counted();
  const later = (): number => performance.now() + 60_000;
  const another = new Removal({ ...parts, retention: { ...kept, events: 60 * DAY } });
  await another.round(performance.now());
  expect([await left(), (await counted()) - before]).toEqual([0, 2]);
  expect(await lag()).toBeLessThan(7_200);
  await shift('completed_at');
  expect(await lag()).toBeGreaterThanOrEqual(7_200);
  await knex('retention').update({ completed_at: knex.fn.now() });

  // The pass is over, for all workers.
  await store('second');
  await another.round(later());
  await new Removal({ ...parts, retention: { ...kept, events: 60 * DAY } }).round(performance.now());
  expect(await left()).toBe(2);
  removal.stop();
  expect(await lag()).toBeUndefined();
  await database.drop();
});
