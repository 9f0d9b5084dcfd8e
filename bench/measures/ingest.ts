import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import type { Report } from '../../dev/report';
import { store, type Call } from '../by-hand/ingest';
import { short, type Figure } from '../figure';
import { monotonicMs } from '../part';
import { did } from '../people';
import type { Rig } from '../rig';
import { untilWarm } from '../rounds';
import { median } from '../stats';

const ROUNDS = 5;
const SECONDS = 4;
const CLIENTS = 4;
const BATCH = 100;
const PEOPLE = 5_000;

type Way = 'api' | 'insert' | 'users';

/** The baseline: inserts the same rows into a copy of the table with the same indexes, over four connections, 100 rows at a time. */
const INSERT = `INSERT INTO bare_events (user_id, message_id, type, name, at, received_at, properties, pending)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::jsonb[], $8::boolean[])`;

/**
 * Compares the events per second through `POST /v1/batch` with statements to the same PostgreSQL, in alternating rounds: plain inserts, and
 * what an app writes by hand that keeps a row of each user, and stores no event twice. Neither takes a request.
 */
export async function measureIngest({ ours, native }: Rig, report: Report): Promise<Figure[]> {
  const people = Array.from({ length: PEOPLE }, () => randomUUID());
  const bare = new Pool({ connectionString: ours.databaseUrl, max: CLIENTS });
  await bare.query('CREATE TABLE bare_events (LIKE events INCLUDING ALL)');
  const someone = (): string => people[Math.floor(Math.random() * PEOPLE)] ?? '';
  const viaApi = (): Promise<void> =>
    ours.api.post('/v1/batch', {
      batch: Array.from({ length: BATCH }, () =>
        Object.assign({ type: 'track' }, did(someone(), 'Page Scrolled', { depth: 40, page: '/pricing' })),
      ),
    });
  const viaInsert = async (): Promise<void> => {
    const column = <Value>(of: () => Value): Value[] => Array.from({ length: BATCH }, of);
    const now = Date.now();
    const values = [
      column(someone),
      column(randomUUID),
      column(() => 'track'),
      column(() => 'Page Scrolled'),
      column(() => now),
      column(() => now),
      column(() => '{"depth":40,"page":"/pricing"}'),
      column(() => false),
    ];
    await bare.query({ name: 'bare', text: INSERT, values });
  };
  const byHand = new Pool({ connectionString: native.databaseUrl, max: CLIENTS });
  const viaUsers = async (): Promise<void> => {
    const seen = (): Call => ({
      type: 'track',
      messageId: randomUUID(),
      userId: someone(),
      event: 'Page Scrolled',
      properties: { depth: 40, page: '/pricing' },
    });
    await store(byHand, Array.from({ length: BATCH }, seen));
  };
  const rounds: Record<Way, number>[] = [];
  for (const send of [viaApi, viaInsert, viaUsers]) await untilWarm(() => rateOf(send));
  for (let index = 0; index < ROUNDS; index++)
    rounds.push({ api: await rateOf(viaApi), insert: await rateOf(viaInsert), users: await rateOf(viaUsers) });
  await bare.end();
  await byHand.end();
  const rate = (way: Way): number => short(median(rounds.map((round) => round[way])));
  report(`ingest: ${rate('api')} events/s, plain inserts ${rate('insert')}, with users ${rate('users')}`);
  const compared = (way: 'insert' | 'users'): Pick<Figure, 'value' | 'range' | 'unit'> => {
    const ratios = rounds.map((round) => round.api / round[way]);
    return { value: median(ratios), range: [Math.min(...ratios), Math.max(...ratios)], unit: '×' };
  };
  const shared = `${CLIENTS} clients, batches of ${BATCH}; clients, API and PostgreSQL share the same cores`;
  return [
    {
      name: 'ingest_vs_insert',
      ...compared('insert'),
      target: { bound: 'at least', value: 0.55 },
      note: `${rate('api')} against ${rate('insert')} events/s, ${shared}`,
    },
    {
      name: 'ingest_vs_users',
      ...compared('users'),
      note: `${rate('api')} against ${rate('users')} events/s by one statement that keeps a row of each user, without HTTP`,
    },
  ];
}

async function rateOf(send: () => Promise<void>): Promise<number> {
  const begun = monotonicMs();
  const end = begun + SECONDS * 1_000;
  let sent = 0;
  const client = async (): Promise<void> => {
    while (monotonicMs() < end) {
      await send();
      sent += BATCH;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return (sent * 1_000) / (monotonicMs() - begun);
}
