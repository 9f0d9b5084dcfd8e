import { StartRequests } from '../../store/start-requests';
import { createClient } from '../../temporal/connection';
import { staticDefinitions } from '../../engine/definitions/definitions';
import { Waker } from '../../temporal/waker';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { ensureDatabase, startPostgres } from '../../dev/postgres';
import { freePort } from '../../dev/port';
import { openDatabase } from '../../store/database';
import { migrate } from '../../store/migrate';
import { inTemporaryFolder } from '../support/folder';
import { until } from '../support/until';
import { ConfigError } from '../../config/env';
import { registry } from '../../config/metrics';
import { serveMetrics } from '../../config/metrics-server';
import { reportBacklog } from '../../api/backlog';
import { DEFAULT_LIMITS } from '../../api/limits';
import { readinessOf } from '../../config/readiness';
import { startApi, type TestApi } from './server';

let api: TestApi;
let metrics: { readonly url: string; stop(): Promise<void> };
beforeAll(async () => {
  api = await startApi();
  metrics = await metricsOf(api);
});
afterAll(async () => {
  await metrics.stop();
  await api.stop();
});

/** Serves the metrics of an API on a port of their own, as the server does. */
async function metricsOf({ deps }: TestApi): Promise<typeof metrics> {
  const port = await freePort();
  const { stop } = await serveMetrics(port, { key: null, measure: () => reportBacklog(deps) });
  return { url: `http://127.0.0.1:${port}/metrics`, stop };
}

const scrape = async ({ url } = metrics): Promise<string> => (await fetch(url)).text();

const metric = async (name: string): Promise<number> => {
  const text = await scrape();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
};

test('the health check responds', async () => {
  expect(await api.call('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
});

test('the API is ready when all its parts are ready', async () => {
  const parts = ['postgres', 'temporal'].map((part) => ({ part, ready: true, detail: 'ok' }));
  expect(await api.call('GET', '/readyz')).toMatchObject({ status: 200, body: { ready: true, parts } });
});

describe('metrics', () => {
  test('are not on the port of the API', async () => {
    expect((await api.call('GET', '/metrics')).status).toBe(404);
  });

  test('say which setting to change when their port is taken', async () => {
    const { port } = new URL(metrics.url);
    const taken = serveMetrics(Number(port), { key: null });
    await expect(taken).rejects.toThrow(`METRICS_PORT, which is ${port}, can't be listened on (EADDRINUSE)`);
    await expect(taken).rejects.toBeInstanceOf(ConfigError);
  });

  test('count events by outcome', async () => {
    const count = (outcome: string): Promise<number> => metric(`sojourn_events_total{outcome="${outcome}"}`);
    const outcomes = ['accepted', 'duplicate', 'rejected'];
    const before = await Promise.all(outcomes.map(count));
    const event = { type: 'track', userId: 'counted', messageId: 'once', event: 'Clicked' };
    await api.write('/v1/batch', { batch: [event, event, { ...event, messageId: 'twice' }, { type: 'track' }] });
    const after = await Promise.all(outcomes.map(count));
    expect(after.map((value, n) => value - (before[n] ?? 0))).toEqual([2, 1, 1]);
  });

  test('time requests by the pattern of their route, never by text that a caller chooses', async () => {
    const name = 'sojourn_http_request_duration_seconds_count{method="GET",route="/v1/users/{id}",status="404"}';
    const before = await metric(name);
    await api.admin('GET', '/v1/users/somebody');
    await until('it is counted', async () => (await metric(name)) === before + 1);
    const text = await scrape();
    expect(text).not.toContain('somebody');
    expect(text).toContain('sojourn_ingest_duration_seconds_count');
    expect(text).toContain('process_cpu_seconds_total');
  });

  test('report how long the oldest pending event has waited', async () => {
    expect(await metric('sojourn_pending_lag_seconds')).toBe(0);
    await api.write('/v1/track', { userId: 'waiting', event: 'Project Created' });
    await api.database
      .knex('events')
      .where({ user_id: 'waiting' })
      .update({ received_at: Date.now() - 90_000 });
    const lag = await metric('sojourn_pending_lag_seconds');
    expect([lag >= 90, lag < 1_000]).toEqual([true, true]);
  });

  test('report how many runs of each journey are parked', async () => {
    const [{ id } = { id: '' }, other] = api.definitions.journeys;
    const of = (journey = ''): Promise<number> => metric(`sojourn_parked_runs{journey="${journey}"}`);
    expect([await of(id), await of(other?.id)]).toEqual([0, 0]);
    await api.database.knex('users').insert({ id: 'parked', created_at: 0, last_seen_at: 0 });
    const run = { user_id: 'parked', journey: id, entered_at: 1, body: {} };
    await api.database.knex('runs').insert([
      { ...run, id: randomUUID(), status: 'failed' },
      { ...run, id: randomUUID(), status: 'active' },
    ]);
    expect([await of(id), await of(other?.id)]).toEqual([1, 0]);
  });

  test('are those that docs/operating.md lists', async () => {
    const page = readFileSync(join(__dirname, '..', '..', 'docs', 'operating.md'), 'utf8');
    const listed = [...page.matchAll(/^\| `(sojourn_\w+)(?:\{([\w, ]+)\})?` /gm)].map(([, name, labels = '']) => [
      name,
      labels.split(', ').filter(Boolean).sort(),
    ]);
    const known = registry.getMetricsAsArray().map((one) => one as unknown as { name: string; labelNames: string[] });
    const ours = known.filter(({ name }) => name.startsWith('sojourn_'));
    expect(listed.sort()).toEqual(ours.map(({ name, labelNames }) => [name, [...labelNames].sort()]).sort());
  });

  test('report how many users wait to be started', async () => {
    const before = await metric('sojourn_start_queue_users');
    await api.write('/v1/track', { userId: 'in the queue', event: 'Project Created' });
    expect(await metric('sojourn_start_queue_users')).toBe(before + 1);
  });
});

test('without Temporal events are accepted, and readiness names the missing part', async () => {
  const port = await freePort();
  const client = createClient({ address: `127.0.0.1:${port}`, namespace: 'default', apiKey: null, tls: null });
  const waker = new Waker({
    client,
    starts: new StartRequests(api.database.pool),
    definitions: staticDefinitions(api.definitions),
    log: pino({ level: 'silent' }),
  });
  const alone = await startApi({
    waker,
    probeTemporal: async () => {
      const deadline = Date.now() + 1_000;
      await client.withDeadline(deadline, () => client.workflowService.describeNamespace({ namespace: 'default' }));
    },
  });
  const answer = await alone.write('/v1/track', { userId: 'ada', event: 'Project Created' });
  expect(answer).toMatchObject({ status: 200, body: { accepted: 1 } });
  expect(await alone.database.knex('events').where({ pending: true })).toHaveLength(1);
  const ready = await alone.call('GET', '/readyz');
  expect(ready).toMatchObject({
    status: 503,
    body: {
      ready: false,
      parts: [
        { part: 'postgres', ready: true },
        { part: 'temporal', ready: false, detail: expect.any(String) },
      ],
    },
  });
  await alone.stop();
  await waker.idle();
  await client.connection.close();
});

test('without PostgreSQL requests get 503 and Retry-After, and succeed once it is back', async () => {
  await inTemporaryFolder(async (folder) => {
    const preferredPort = await freePort();
    let postgres = await startPostgres({ folder, preferredPort });
    await ensureDatabase(postgres, 'outage');
    await migrate(postgres.url('outage'));
    const database = openDatabase(postgres.url('outage'));
    const alone = await startApi({ database });
    const headers = { authorization: `Basic ${btoa('write-key-of-the-tests:')}`, 'content-type': 'application/json' };
    const track = (): ReturnType<TestApi['call']> =>
      alone.call('POST', '/v1/track', { headers, body: '{"userId":"ada","messageId":"m","event":"Clicked"}' });
    try {
      expect((await track()).status).toBe(200);

      await postgres.kill();
      const refused = await track();
      expect(refused).toMatchObject({
        status: 503,
        body: { title: 'Service Unavailable', detail: expect.any(String) },
      });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      for (const path of ['/v1/users/ada', '/v1/users/ada/timeline', '/v1/journeys']) {
        expect([path, (await alone.admin('GET', path)).status]).toEqual([path, 503]);
      }
      expect((await alone.admin('DELETE', '/v1/users/ada')).status).toBe(503);
      expect(await alone.call('GET', '/readyz')).toMatchObject({
        status: 503,
        body: { parts: [{ part: 'postgres', ready: false }, {}] },
      });
      const aside = await metricsOf(alone);
      expect(await scrape(aside)).toMatch(/^sojourn_pending_lag_seconds NaN$/im);
      await aside.stop();
      expect((await alone.call('GET', '/healthz')).status).toBe(200);

      postgres = await startPostgres({ folder, preferredPort });
      const answer = await until('events are taken again', async () => {
        const again = await track();
        return again.status === 200 ? again : null;
      });
      expect(answer.body).toMatchObject({ accepted: 0, duplicates: 1 });
    } finally {
      await alone.stop();
      await database.close();
      await postgres.kill();
    }
  });
});

test('health checks have no rate limit', async () => {
  const limited = await startApi({ limits: { ...DEFAULT_LIMITS, public: 1 } });
  const statuses = async (path: string): Promise<number[]> => [
    (await limited.call('GET', path)).status,
    (await limited.call('GET', path)).status,
  ];
  expect(await statuses('/docs')).toEqual([200, 429]);
  expect(await statuses('/healthz')).toEqual([200, 200]);
  expect(await statuses('/readyz')).toEqual([200, 200]);
  await limited.stop();
});

test('concurrent readiness checks share one probe', async () => {
  let probes = 0;
  let answer = (): void => undefined;
  const check = readinessOf(
    {
      slow: () => {
        probes += 1;
        return new Promise<void>((resolve) => (answer = resolve));
      },
    },
    pino({ level: 'silent' }),
  );
  const asked = [check(), check(), check()];
  answer();
  expect([new Set(await Promise.all(asked)).size, probes]).toEqual([1, 1]);
  const later = check();
  answer();
  expect([(await later).ready, probes]).toEqual([true, 2]);
});

test('the error of a part is logged, and not part of the response', async () => {
  const broken = await startApi({
    probeTemporal: () => Promise.reject(new Error('connect ECONNREFUSED temporal.internal:7233')),
  });
  const answer = await broken.call('GET', '/readyz');
  expect(answer).toMatchObject({
    status: 503,
    body: { parts: [{ ready: true }, { part: 'temporal', ready: false, detail: 'failed: see the log' }] },
  });
  expect(answer.text).not.toContain('internal');
  expect(broken.log).toContainEqual(
    expect.objectContaining({
      part: 'temporal',
      error: expect.objectContaining({ message: expect.stringContaining('temporal.internal:7233') }),
    }),
  );
  await broken.stop();
});
