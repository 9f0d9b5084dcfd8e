import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config, TemporalConfig } from '../../../config/config';
import type { Environment } from '../../../config/rule';
import { startChild, untilReady, type Child } from '../../../dev/child';
import { freePort } from '../../../dev/port';
import type { JsonObject } from '../../../engine/model/json';
import { startServer } from '../../../server';
import { openDatabase, type Database } from '../../../store/database';
import { testConfig } from '../../support/config';
import { FIXTURE_JOURNEYS } from '../../support/lifecycle';
import { testDatabase, type TestDatabase } from '../../support/database';
import { startSmtp, type TestSmtp } from '../../support/smtp';
import { testTemporal, uniqueTaskQueue, workflowBundlePath } from '../../support/temporal';
import { until } from '../../support/until';
import { READY, type WorkerOrders } from './worker-orders';

/** Servers that belong to one test, because it stops or kills them. All other servers are shared. */
export interface OwnParts {
  readonly databaseUrl?: string;
  readonly temporal?: TemporalConfig;
  /** The journeys of the API and, by default, of the workers. Default: those for tests. */
  readonly journeysPath?: string;
  /** A port of this machine through which the API and the workers reach the database. The test itself reads it directly. */
  readonly databasePort?: number;
  /** The settings of providers, for the workers. Default: none is set. */
  readonly providers?: Environment;
}

/** A call of Segment's HTTP API. */
export interface Call {
  readonly type: 'track' | 'identify';
  readonly userId: string;
  readonly messageId: string;
  readonly timestamp: string;
  readonly event?: string;
  readonly properties?: JsonObject;
  readonly traits?: JsonObject;
}

/** The API in this process, and workers in separate processes that can be killed. */
export interface Deployment {
  /** For reading the state. */
  readonly database: Database;
  readonly smtp: TestSmtp;
  /** The environment of a command that uses the API. */
  readonly environment: Record<'PUBLIC_URL' | 'ADMIN_KEY', string>;
  /** Counts rows of the database. `what` is a table, with a condition. */
  count(what: string, values?: readonly unknown[]): Promise<number>;
  /** Posts a batch until the API accepts it. Returns how often the API refused it. */
  post(batch: readonly Call[]): Promise<number>;
  /** Posts calls of any type with the write key, once, and returns the status. */
  postAny(batch: readonly object[]): Promise<number>;
  /** Calls the API with the admin key, and returns the status. */
  admin(method: 'PUT' | 'DELETE', path: string, body?: JsonObject): Promise<number>;
  /** Starts another worker. Resolves when it is ready. */
  startWorker(options?: { readonly journeysPath?: string; readonly clockAheadMs?: number }): Promise<Child>;
  /** Returns the logs of all workers. */
  logs(): string;
  stop(): Promise<void>;
}

/** Starts the API. The test starts the workers. */
export async function deploy({
  databaseUrl,
  temporal = testTemporal(),
  journeysPath: ownJourneys = FIXTURE_JOURNEYS,
  databasePort,
  providers = {},
}: OwnParts = {}): Promise<Deployment> {
  const smtp = await startSmtp();
  const database = databaseUrl === undefined ? await testDatabase() : ownDatabase(databaseUrl);
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-chaos-'));
  const config = testConfig({
    port: await freePort(),
    databaseUrl: databasePort === undefined ? database.url : throughPort(database.url, databasePort),
    temporal,
    smtpUrl: smtp.url,
    journeysPath: ownJourneys,
    logLevel: 'warn',
  });
  const taskQueue = uniqueTaskQueue();
  const api = await startServer({ ...config, logLevel: 'silent' });
  const workers = new Set<Child>();
  let started = 0;

  return {
    database,
    smtp,
    environment: { PUBLIC_URL: `http://127.0.0.1:${config.port}`, ADMIN_KEY: config.adminKey },
    count: async (what, values = []) => {
      const { rows } = await database.pool.query<{ n: number }>(`SELECT count(*) AS n FROM ${what}`, [...values]);
      return rows[0]?.n ?? 0;
    },
    post: async (batch) => {
      let refused = -1;
      await until('the API accepts a batch', () => {
        refused++;
        return postOnce(config, batch);
      });
      return refused;
    },
    postAny: async (batch) => (await sendBatch(config, batch)).status,
    admin: (method, path, body) => adminCall(config, method, path, body),
    startWorker: async ({ journeysPath = ownJourneys, clockAheadMs = 0 } = {}) => {
      const name = join(folder, `worker-${++started}`);
      const orders: WorkerOrders = {
        config: { ...config, journeysPath },
        setup: { taskQueue, bundle: workflowBundlePath(), environment: providers },
        clockAheadMs,
      };
      writeFileSync(`${name}.json`, JSON.stringify(orders));
      const script = join(__dirname, 'worker-process.ts');
      const logFile = `${name}.log`;
      const args = ['--import', 'tsx', script, `${name}.json`];
      const worker = startChild({ command: process.execPath, args, logFile });
      workers.add(worker);
      void worker.exited.then(() => workers.delete(worker));
      await untilReady(worker, 'a worker starts', async () => readFileSync(logFile, 'utf8').includes(READY));
      return worker;
    },
    logs: () =>
      readdirSync(folder)
        .filter((file) => file.endsWith('.log'))
        .map((file) => readFileSync(join(folder, file), 'utf8'))
        .join(''),
    stop: async () => {
      await Promise.all([...workers].map((worker) => worker.stop('SIGKILL')));
      await api.stop();
      await Promise.all([smtp.stop(), database.drop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function throughPort(url: string, port: number): string {
  return Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href;
}

/** Opens a database on a server that belongs to the test. */
function ownDatabase(url: string): TestDatabase {
  const database = openDatabase(url, 'sojourn-chaos');
  return { ...database, url, drop: () => database.close() };
}

function sendBatch({ port, writeKey }: Config, batch: readonly object[]): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/v1/batch`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${writeKey}:`)}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ batch, sentAt: new Date().toISOString() }),
  });
}

async function postOnce(config: Config, batch: readonly Call[]): Promise<boolean> {
  const response = await sendBatch(config, batch);
  const answer = (await response.json()) as { rejected?: unknown[] };
  if (response.status === 503) return false;
  if (response.status !== 200 || answer.rejected?.length !== 0)
    throw new Error(`Expected status 200 without rejected calls, got ${response.status}: ${JSON.stringify(answer)}`);
  return true;
}

async function adminCall(
  { port, adminKey }: Config,
  method: 'PUT' | 'DELETE',
  path: string,
  body?: JsonObject,
): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { Authorization: `Bearer ${adminKey}`, 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return response.status;
}
