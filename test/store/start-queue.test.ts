import { randomUUID } from 'node:crypto';
import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import { eraseUser } from '../../store/erasure';
import { ingest } from '../../store/ingest';
import { Listener } from '../../store/listener';
import { takePending } from '../../store/relay';
import { claimStarts, queueStarts, releaseAbandonedStarts, releaseStarts } from '../../store/start-queue';
import { START_CHANNEL, StartRequests } from '../../store/start-requests';
import { testDatabase, type TestDatabase } from '../support/database';
import { testDefinitions } from '../api/server';
import { readsOf } from '../support/full-reads';
import { until } from '../support/until';

let db: TestDatabase;
let definitions: Definitions;
beforeAll(async () => void (definitions = await testDefinitions()));
beforeEach(async () => void (db = await testDatabase()));
afterEach(() => db.drop());

/** Stores an event of each user in one batch, as the API does. */
async function batch(users: readonly string[], name = 'Project Created'): Promise<void> {
  const now = Date.now();
  const events = users.map((userId) => ({
    userId,
    messageId: randomUUID(),
    type: 'track' as const,
    name,
    at: now,
    active: true,
    traits: null,
    properties: '{}',
    anonymousId: null,
  }));
  await ingest(db, staticDefinitions(definitions), { events, aliases: [], receivedAt: now });
}

const named = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
const claimed = async (count: number, finished: readonly string[] = []): Promise<string[]> =>
  (await claimStarts(db.pool, count, finished)).map(({ userId }) => userId);
const queued = (): Promise<string[]> => db.knex('start_queue').orderBy('user_id').pluck('user_id');

test('a user without a workflow is queued with their events, and one who waits is not', async () => {
  await batch(['ada', 'bob']);
  await db.knex('start_queue').delete();
  await db.knex('users').where({ id: 'bob' }).update({ asleep: true });
  await batch(['ada', 'bob']);
  expect(await queued()).toEqual(['ada']);
  expect(await claimStarts(db.pool, 5, [])).toEqual([
    {
      userId: 'ada',
      isLikelyRunning: false,
      reason: null,
      events: [
        { id: expect.any(String), name: 'Project Created' },
        { id: expect.any(String), name: 'Project Created' },
      ],
    },
  ]);
});

test('an event that no journey reacts to queues nobody', async () => {
  await batch(['ada'], 'Mouse Moved');
  expect(await queued()).toEqual([]);
});

test('a batch is claimed in its order', async () => {
  await batch(named('b', 8));
  expect(await claimed(3)).toEqual(['b0', 'b1', 'b2']);
  expect(await claimed(3)).toEqual(['b3', 'b4', 'b5']);
});

test('a newcomer who comes alone goes before most of a batch that came earlier', async () => {
  await batch(named('b', 1_000));
  await batch(['ada']);
  const first = await claimed(20);
  expect(first).toContain('ada');
  expect(first.filter((id) => id.startsWith('b'))).toHaveLength(19);
});

test('two batches take turns', async () => {
  await batch(named('a', 50));
  await batch(named('b', 50));
  const first = await claimed(40);
  expect(first.filter((id) => id.startsWith('b')).length).toBeGreaterThan(10);
});

test('two workers never claim the same user', async () => {
  await batch(named('b', 100));
  const claims = await Promise.all(Array.from({ length: 10 }, () => claimed(10)));
  expect(new Set(claims.flat()).size).toBe(claims.flat().length);
});

test('a finished start leaves the queue, and a user who is queued again meanwhile stays', async () => {
  await batch(['ada', 'bob']);
  expect(await claimed(2)).toEqual(['ada', 'bob']);
  await batch(['bob']);
  expect(await claimed(0, ['ada', 'bob'])).toEqual([]);
  expect(await queued()).toEqual(['bob']);
  expect(await claimed(5)).toEqual(['bob']);
});

test('a claim is released by its worker, or once that worker must have died', async () => {
  await batch(['ada', 'bob']);
  await claimed(2);
  await releaseStarts(db.pool, ['ada']);
  expect(await claimed(5)).toEqual(['ada']);
  await releaseAbandonedStarts(db.pool);
  expect(await claimed(5)).toEqual([]);
  await db.knex.raw(`UPDATE start_queue SET claimed_at = claimed_at - interval '31 seconds' WHERE user_id = 'bob'`);
  await releaseAbandonedStarts(db.pool);
  expect(await claimed(5)).toEqual(['bob']);
});

test('the relay leaves queued users alone, and finds those that a crash of the database took out of the queue', async () => {
  await batch(['ada', 'bob']);
  await db.knex('start_queue').where({ user_id: 'bob' }).delete();
  const now = Date.now() + 60_000;
  expect(await takePending(db.pool, { now, restMs: 30_000 }, now)).toEqual(['bob']);
});

test('the relay queues a user with the reason, whether or not their workflow runs', async () => {
  await batch(['ada']);
  await db.knex('start_queue').delete();
  await db.knex('users').where({ id: 'ada' }).update({ asleep: true });
  await db.knex('events').update({ pending: false });
  await queueStarts(db.pool, ['ada'], 'deadline passed');
  expect(await claimStarts(db.pool, 1, [])).toEqual([
    { userId: 'ada', isLikelyRunning: true, reason: 'deadline passed', events: [] },
  ]);
});

test('newcomers go before users whose journeys changed, and one of those who acts goes with them', async () => {
  await new StartRequests(db.pool).queue(named('found', 20), 'journeys changed', true);
  await batch(['ada']);
  await batch(['found7']);
  expect(await claimed(2)).toEqual(['ada', 'found7']);
});

test('an erased user leaves the queue', async () => {
  await batch(['ada']);
  await eraseUser(db, 'ada');
  expect(await queued()).toEqual([]);
});

test('batches that share users in another order, and the claims meanwhile, do not deadlock', async () => {
  const users = named('u', 30);
  for (let round = 0; round < 5; round++) {
    const work = [batch(users), batch(users.toReversed()), batch(users)];
    const claims = Array.from({ length: 10 }, async () => claimed(5, await claimed(5)));
    await Promise.all([...work, ...claims]);
  }
});

test('an announcement reaches a listener, also after its connection was ended', async () => {
  let heard = 0;
  const onNotification = (): void => {
    heard++;
  };
  const listener = Listener.start({
    url: db.url,
    channel: START_CHANNEL,
    applicationName: 'sojourn-starts',
    onNotification,
    onListening: onNotification,
  });
  const requests = new StartRequests(db.pool);
  const announced = async (): Promise<boolean> => {
    const before = heard;
    requests.announce();
    await requests.idle();
    return heard > before;
  };
  await until('the first announcement', announced);
  await db.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sojourn-starts'`,
  );
  await until('an announcement over a new connection', announced);
  listener.stop();
});

test('a claim reads no more rows the longer the queue is, even with a plan made while it was empty', async () => {
  const { pool } = db;
  pool.options.max = 1;
  for (let n = 0; n < 6; n++) await claimed(4, await claimed(4));
  await pool.query('VACUUM ANALYZE start_queue');
  await queueStarts(pool, named('user', 1_000), 'test');
  const first = await claimed(4);
  const before = await readsOf(pool, 'start_queue');
  expect(await claimed(4, first)).toHaveLength(4);
  expect((await readsOf(pool, 'start_queue')) - before).toBeLessThan(60);
});

test('the relay finds who is not queued without reading the queue for each pending event', async () => {
  const { pool } = db;
  await pool.query('VACUUM ANALYZE start_queue');
  await queueStarts(pool, named('other', 3_000), 'test');
  await batch(named('user', 300));
  await db.knex('start_queue').where({ user_id: 'user7' }).delete();
  const before = await readsOf(pool, 'start_queue');
  const now = Date.now();
  expect(await takePending(pool, { now, restMs: 0 }, now + 60_000)).toEqual(['user7']);
  expect((await readsOf(pool, 'start_queue')) - before).toBeLessThan(1_000);
});

test('a check of a user who is queued for an event already is not forgotten', async () => {
  await batch(['ada']);
  await queueStarts(db.pool, ['ada'], 'deadline passed', 60);
  await queueStarts(db.pool, ['ada'], 'another', 60);
  expect(await claimStarts(db.pool, 5, [])).toMatchObject([{ userId: 'ada', reason: 'deadline passed' }]);
});
