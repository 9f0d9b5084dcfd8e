import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import type { Report } from '../../dev/report';
import { short, type Figure } from '../figure';
import { monotonicMs } from '../part';
import { did } from '../people';
import type { Rig } from '../rig';
import { median } from '../stats';

const ROUNDS = 5;
const SECONDS = 4;
const CLIENTS = 4;
const BATCH = 100;
const PEOPLE = 5_000;

/** The baseline: inserts the same rows into a copy of the table with the same indexes, over four connections, 100 rows at a time. */
const INSERT = `INSERT INTO bare_events (user_id, message_id, type, name, at, received_at, properties, pending)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::jsonb[], $8::boolean[])`;

/** Compares the events per second through `POST /v1/batch` with plain inserts into the same PostgreSQL, in alternating rounds. */
export async function measureIngest({ ours }: Rig, report: Report): Promise<Figure[]> {
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
  await rateOf(viaApi);
  await rateOf(viaInsert);
  const rounds: { api: number; insert: number }[] = [];
  for (let index = 0; index < ROUNDS; index++)
    rounds.push({ api: await rateOf(viaApi), insert: await rateOf(viaInsert) });
  await bare.end();
  const api = short(median(rounds.map((round) => round.api)));
  const insert = short(median(rounds.map((round) => round.insert)));
  const ratios = rounds.map((round) => round.api / round.insert);
  report(`ingest: ${api} events/s, plain inserts ${insert}`);
  return [
    {
      name: 'ingest_vs_insert',
      value: median(ratios),
      range: [Math.min(...ratios), Math.max(...ratios)],
      unit: '×',
      target: { bound: 'at least', value: 0.55 },
      note: `${api} against ${insert} events/s, ${CLIENTS} clients, batches of ${BATCH}; clients, API and PostgreSQL share the same cores`,
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
