import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { toRateLimit, type Rate, type RateLimit } from '../../engine/model/rate';
import { ChannelRate, spacingMs } from '../../store/channel-rates';
import { openDatabase, type Database } from '../../store/database';
import { testDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
const opened: Database[] = [];
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await database.drop();
});

/** The limiters of so many workers, each with connections of its own. */
function workers(limit: RateLimit, count = 3): ChannelRate[] {
  return Array.from({ length: count }, () => {
    const own = openDatabase(database.url);
    opened.push(own);
    return new ChannelRate(own.pool, 'email', limit);
  });
}

/** Sends a message as a worker does: it comes back when it is told to. Returns when it was sent. */
async function send(rate: ChannelRate): Promise<number> {
  for (let isReturned = false; ; isReturned = true) {
    const againInMs = await rate.turn(isReturned);
    if (againInMs === null) return performance.now();
    await pause(againInMs);
  }
}

/** The most messages in any span. */
function mostWithin(times: readonly number[], ms: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.max(...sorted.map((at) => sorted.filter((other) => other >= at && other < at + ms).length));
}

test.each<Rate>(['14/second', '100/second', '300/minute'])(
  'three workers together never send more than %s in any span, and not much less',
  async (rate) => {
    const limit = toRateLimit(rate);
    const [count, began] = [60, performance.now()];
    const times = await Promise.all(
      workers(limit).flatMap((worker) => Array.from({ length: count / 3 }, () => send(worker))),
    );
    expect(mostWithin(times, limit.perMs)).toBeLessThanOrEqual(limit.most);
    const idealMs = (count - 1) * spacingMs(limit);
    expect(Math.max(...times) - began).toBeGreaterThan(idealMs * 0.99);
  },
);

test('messages that come together share a statement', async () => {
  const [worker] = workers({ most: 10_000, perMs: 1_000 }, 1);
  let statements = 0;
  const pool = opened[0]?.pool;
  pool?.on('acquire', () => statements++);
  if (!worker) throw new Error('Expected a worker.');
  await Promise.all(Array.from({ length: 100 }, () => worker.turn(false)));
  expect(statements).toBeLessThan(50);
});

test('a message without room is told when there will be some, in the order in which they came', async () => {
  const [worker] = workers({ most: 1, perMs: 60_000 }, 1);
  const answers = await Promise.all([1, 2, 3].map(async () => worker?.turn(false)));
  const [first, second = 0, third = 0] = answers;
  expect(first).toBeNull();
  expect(second).toBeGreaterThan(60_000);
  expect(third).toBeGreaterThan(second ?? 0);
});

test('nobody overtakes a message that has waited in line', async () => {
  const [worker] = workers({ most: 20, perMs: 1_000 }, 1);
  if (!worker) throw new Error('Expected a worker.');
  await Promise.all(Array.from({ length: 60 }, () => worker.turn(false)));
  // The line is two seconds long.
  expect(await worker.turn(false)).toBeGreaterThan(1_000);
  expect(await worker.turn(true)).toBeNull();
});

test('a line that everybody has left is forgotten', async () => {
  const [worker] = workers({ most: 1, perMs: 60_000 }, 1);
  if (!worker) throw new Error('Expected a worker.');
  await Promise.all(Array.from({ length: 5 }, () => worker.turn(false)));
  await database.pool.query("UPDATE channel_rates SET next_at = now() - interval '1 hour'");
  expect(await worker.turn(false)).toBeNull();
});
