import { openDatabase, type Database } from '../../store/database';
import { Pulse } from '../../store/pulse';
import { isUnavailable } from '../../store/unavailable';
import { startSilentProxy, type SilentProxy } from '../chaos/support/silent-proxy';
import { testDatabase, type TestDatabase } from '../support/database';
import { until } from '../support/until';

let db: TestDatabase;
let proxy: SilentProxy;
let database: Database;
let missed: unknown[];
let stuck: number;
let pulse: Pulse;

beforeEach(async () => {
  db = await testDatabase();
  const url = new URL(db.url);
  proxy = await startSilentProxy({ host: url.hostname, port: Number(url.port) });
  database = openDatabase(Object.assign(url, { hostname: '127.0.0.1', port: String(proxy.port) }).href);
  missed = [];
  stuck = 0;
  const events = { onMissed: (error: unknown) => void missed.push(error), onStuck: () => (stuck += 1) };
  pulse = await Pulse.start(database, events, 0);
});
afterEach(async () => {
  await pulse.stop();
  await database.close();
  await proxy.stop();
  await db.drop();
});

/** Takes all connections of the pool for ordinary statements. Returns a function that gives them back. */
async function takeAll(): Promise<() => void> {
  const taken = await Promise.all(Array.from({ length: 10 }, () => database.pool.connect()));
  return () => taken.forEach((client) => client.release());
}

// Without help from the pulse, the operating system would take a quarter of an hour, which is longer than a test lasts.
test('statements work again soon after all connections went silent, and those under way fail as unavailable', async () => {
  const transaction = await database.knex.transaction();
  const underWay = database.patient.query('SELECT pg_sleep(1)').catch((error: unknown) => error);
  await database.pool.query('SELECT 1');
  expect(proxy.vanish()).toBeGreaterThanOrEqual(3);
  const failed = transaction.raw('SELECT 1').then(
    () => null,
    (error: unknown) => error,
  );
  expect([isUnavailable(await underWay), isUnavailable(await failed)]).toEqual([true, true]);
  await transaction.rollback().catch(() => undefined);
  const one = { rows: [{ one: 1 }] };
  expect(await database.pool.query('SELECT 1 AS one')).toMatchObject(one);
  expect(await database.patient.query('SELECT 1 AS one')).toMatchObject(one);
  expect(await database.knex.raw('SELECT 1 AS one')).toMatchObject(one);
});

test('a statement that is at work is left alone, however long it takes', async () => {
  const giveBack = await takeAll();
  const long = database.patient.query('SELECT 1 AS one FROM pg_sleep(12)');
  await until('a missed beat', () => missed.length > 0);
  expect(await long).toMatchObject({ rows: [{ one: 1 }] });
  giveBack();
});

test('a process that can not use its connections, while new ones work, is stuck', async () => {
  const giveBack = await takeAll();
  await until('it is noticed', () => stuck > 0);
  giveBack();
});

test('a process whose database is away is not stuck', async () => {
  await proxy.stop();
  await until('several missed beats', () => missed.length >= 3);
  expect(stuck).toBe(0);
});

test.each([
  ['pool', 10],
  ['patient', 60],
] as const)('the server ends statements of %s after %i seconds', async (pool, seconds) => {
  const { rows } = await database[pool].query(
    "SELECT name, setting FROM pg_settings WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout') ORDER BY name",
  );
  expect(rows).toEqual([
    { name: 'idle_in_transaction_session_timeout', setting: '30000' },
    { name: 'statement_timeout', setting: String(seconds * 1_000) },
  ]);
});
