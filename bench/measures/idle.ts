import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NAMESPACE } from '../../dev/temporal';
import type { Report } from '../../dev/report';
import { short, type Figure } from '../figure';
import { many, signUp } from '../people';
import type { Rig } from '../rig';

const AT_ONCE = 50;
/** How long is looked whether anything grows while nobody does anything. */
const WATCH_MS = 10_000;
const SAMPLED = 20;

/** What people cost who do nothing: rows and bytes, history, memory of the worker. */
export async function measureIdle({ ours, temporalAddress }: Rig, report: Report, people: number): Promise<Figure[]> {
  const bytesBefore = await bytes();
  const ids: string[] = [];
  await many(people, AT_ONCE, async () => {
    const userId = randomUUID();
    ids.push(userId);
    const welcomed = ours.delivery(userId, 'welcome');
    await ours.api.post('/v1/batch', signUp(userId));
    await welcomed;
  });
  report(`idle: ${people} people wait for two days`);
  const connection = await Connection.connect({ address: temporalAddress });
  const client = new Client({ connection, namespace: NAMESPACE });
  const historyOf = async (): Promise<number> => {
    const lengths = await Promise.all(
      ids
        .slice(0, SAMPLED)
        .map(async (id) => (await client.workflow.getHandle(`lifecycle/${id}`).describe()).historyLength),
    );
    return lengths.reduce((sum, length) => sum + length, 0) / SAMPLED;
  };
  const [historyThen, bytesThen] = [await historyOf(), await bytes()];
  await pause(WATCH_MS);
  const [historyNow, bytesNow] = [await historyOf(), await bytes()];
  await connection.close();
  const { rows } = await ours.pool.query<{ rows: string }>(
    `SELECT (SELECT count(*) FROM users WHERE id = ANY($1)) + sum(n) AS rows FROM (
       SELECT count(*) AS n FROM events WHERE user_id = ANY($1) UNION ALL SELECT count(*) FROM runs WHERE user_id = ANY($1)
       UNION ALL SELECT count(*) FROM messages WHERE user_id = ANY($1) UNION ALL SELECT count(*) FROM stage_changes WHERE user_id = ANY($1)
     ) AS counted`,
    [ids],
  );
  const note = `${people} people who signed up, were welcomed, and wait`;
  return [
    { name: 'idle_rows_per_user', value: Number(rows[0]?.rows) / people, unit: 'rows', note },
    {
      name: 'idle_bytes_per_user',
      value: (bytesThen - bytesBefore) / people,
      unit: 'bytes',
      note: 'tables and indexes',
    },
    { name: 'idle_history_events_per_user', value: historyNow, unit: 'events', note: 'written when they signed up' },
    {
      name: 'idle_history_growth',
      value: historyNow - historyThen,
      unit: 'events',
      note: `per person in ${WATCH_MS / 1_000} s of idling; a deadline, here after 48 hours, writes six`,
    },
    {
      name: 'idle_bytes_growth',
      value: bytesNow - bytesThen,
      unit: 'bytes',
      note: `of the whole database in ${WATCH_MS / 1_000} s of idling`,
    },
    {
      name: 'idle_worker_memory',
      value: short(rssOf(ours.pids.worker) / 2 ** 20),
      unit: 'MiB',
      note: 'resident, workflow cache included',
    },
  ];

  async function bytes(): Promise<number> {
    const found = await ours.pool.query<{ size: string }>(
      `SELECT sum(pg_total_relation_size(oid)) AS size FROM pg_class WHERE relname IN ('users', 'events', 'runs', 'messages', 'stage_changes')`,
    );
    return Number(found.rows[0]?.size);
  }
}

function rssOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;
}
