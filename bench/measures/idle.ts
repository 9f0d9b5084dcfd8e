import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Report } from '../../dev/report';
import { loadDefinitions } from '../../config/definitions';
import { residentBytes } from '../cpu';
import { short, type Figure } from '../figure';
import { historyEvents } from '../history';
import { many, signUp } from '../people';
import type { Rig } from '../rig';
import { measureCrowd } from './crowd';
import { measureSilence } from './silence';

/** Users who sign up in one request. */
const AT_ONCE = 50;
/** How long growth is measured while no user does anything, real milliseconds. */
const WATCH_MS = 10_000;
const SAMPLED = 20;
const TABLES = ['users', 'events', 'runs', 'messages', 'stage_changes'];

/** Measures what inactive users cost: rows, bytes, workflow history, and memory of the worker. */
export async function measureIdle(rig: Rig, report: Report, people: number): Promise<Figure[]> {
  const { ours, temporalAddress } = rig;
  const ids = Array.from({ length: people }, () => randomUUID());
  const before = await stored(rig);
  const groups = Array.from({ length: Math.ceil(people / AT_ONCE) }, (_, index) =>
    ids.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
  await many(groups.length, 1, async () => {
    const group = groups.pop() ?? [];
    const welcomed = group.map((id) => ours.delivery(id, 'welcome'));
    await ours.api.post('/v1/batch', { batch: group.flatMap((id) => signUp(id).batch) });
    await Promise.all(welcomed);
  });
  report(`idle: ${people} users wait`);
  const sample = ids.slice(0, SAMPLED);
  const [history, signedUp] = [await historyEvents(temporalAddress, sample), await stored(rig)];
  await pause(WATCH_MS);
  const [laterHistory, later] = [await historyEvents(temporalAddress, sample), await stored(rig)];
  const note = `${people} users who signed up, got the welcome mail, and wait`;
  const watched = `in ${WATCH_MS / 1_000} s`;
  return [
    { name: 'idle', of: 'rows_per_user', value: (signedUp.rows - before.rows) / people, unit: 'rows', note },
    {
      name: 'idle',
      of: 'bytes_per_user',
      value: (signedUp.bytes - before.bytes) / people,
      unit: 'bytes',
      note: 'tables and indexes',
    },
    {
      name: 'idle',
      of: 'worker_mib',
      value: short(residentBytes(ours.pids.worker) / 2 ** 20),
      unit: 'MiB',
      note: 'resident, including the workflow cache, which is bounded',
    },
    { name: 'idle', of: 'history_events_per_user', value: history, unit: 'events', note: 'written at sign-up' },
    {
      name: 'idle',
      of: 'history_growth',
      value: laterHistory - history,
      unit: 'events',
      note: `per user ${watched}`,
    },
    {
      name: 'idle',
      of: 'rows_growth',
      value: later.rows - signedUp.rows,
      unit: 'rows',
      note: `of all users ${watched}`,
    },
    ...(await measureCrowd(ours.pool, await loadDefinitions(join(__dirname, '..', 'journeys')), ids)),
    ...(await measureSilence(report, rig)),
  ];
}

async function stored({ ours }: Rig): Promise<{ rows: number; bytes: number }> {
  const rows = TABLES.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ');
  const bytes = TABLES.map((table) => `pg_total_relation_size('${table}')`).join(' + ');
  const found = await ours.pool.query<{ rows: string; bytes: string }>(`SELECT ${rows} AS rows, ${bytes} AS bytes`);
  return { rows: Number(found.rows[0]?.rows), bytes: Number(found.rows[0]?.bytes) };
}
