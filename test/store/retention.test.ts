import fc from 'fast-check';
import type { Pool, PoolClient } from 'pg';
import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import { neededHistory } from '../../engine/outline/needed-history';
import { ingest } from '../../store/ingest';
import { openDatabase } from '../../store/database';
import { eraseUser } from '../../store/erasure';
import { countRuns } from '../../store/journeys-report';
import { noteLookBack } from '../../store/looked-back';
import { removedBefore, removeOld, type Removed, type RemovalStep, type Retention } from '../../store/retention';
import { testDatabase, type TestDatabase } from '../support/database';
import { areWaiting } from '../support/locks';
import { until } from '../support/until';
import { VirtualUser } from '../support/virtual-user';
import { acts, DAY, happenings, lookingBack, START } from './retention-life';

const KEEP: Retention = { events: 30 * DAY, messages: 40 * DAY, runs: 35 * DAY };
const NOTHING: Removed = { events: 0, stage_changes: 0, messages: 0, runs: 0 };

let before: Definitions;
let after: Definitions;
let whole: TestDatabase;
let pruned: TestDatabase;
beforeAll(async () => {
  [before, after] = await lookingBack();
  [whole, pruned] = [await testDatabase(), await testDatabase()];
});
afterAll(async () => {
  await Promise.all([whole.drop(), pruned.drop()]);
});

const add = (one: Removed, other: Removed): Removed => ({
  events: one.events + other.events,
  stage_changes: one.stage_changes + other.stage_changes,
  messages: one.messages + other.messages,
  runs: one.runs + other.runs,
});

interface Pass {
  readonly definitions?: Definitions;
  readonly retention?: Retention;
  readonly users?: number;
}

/** One step. */
function step(
  pool: Pool,
  now: number,
  { definitions = before, retention = KEEP, users }: Pass = {},
): Promise<RemovalStep | null> {
  const needed = neededHistory(definitions);
  return removeOld(pool, { retention, needed, now, restMs: 0, ...(users && { users }) });
}

/** A pass through all users. */
async function pass(pool: Pool, now: number, options?: Pass): Promise<Removed> {
  let removed = NOTHING;
  for (;;) {
    const made = await step(pool, now, options);
    if (!made) continue;
    removed = add(removed, made.removed);
    if (made.isComplete) return removed;
  }
}

test('whatever is removed meanwhile, everybody is decided as if it were still there', async () => {
  let person = 0;
  let removed = NOTHING;
  const lives = fc.asyncProperty(acts, fc.nat({ max: 40 }), async (life, editedAt) => {
    const id = `user ${person++}`;
    const decided = { whole: [] as string[], pruned: [] as string[] };
    const live = async (name: 'whole' | 'pruned', database: TestDatabase): Promise<void> => {
      for (const [n, happening] of happenings(life).entries()) {
        const definitions = n < editedAt ? before : after;
        const user = new VirtualUser(database, id, definitions, ({ decisions, effects, changedRuns, ...next }) => {
          const { memory } = next.state;
          // Runs are loaded in the order in which they lie in the table.
          const runs = changedRuns.map((run) => JSON.stringify(run)).sort();
          const { messages, stageChanges } = effects;
          decided[name].push(
            JSON.stringify([decisions, messages, stageChanges, runs, memory, next.wakeAt, next.awaiting]),
          );
        });
        await user.receive(happening);
        if (n === editedAt) await user.advance(happening.receivedAt);
        await database
          .knex('messages')
          .whereIn('status', ['queued', 'sending'])
          .update({ status: 'sent', content: {} });
        if (name === 'pruned' && n % 5 === 4)
          removed = add(removed, await pass(database.pool, happening.receivedAt, { definitions }));
      }
    };
    await live('whole', whole);
    await live('pruned', pruned);
    expect(decided.pruned).toEqual(decided.whole);
    const [all, rest] = [await countRuns(whole), await countRuns(pruned)];
    expect([...rest].sort()).toEqual([...all].sort());
  });
  await fc.assert(lives, { numRuns: 8, endOnFailure: true });
  // Of each kind there was something that nothing needed.
  expect(Object.entries(removed).filter(([, count]) => count < 5)).toEqual([]);
});

/** Holds back the commit of a removal until it is told to go on. */
function heldBack(pool: Pool): { readonly pool: Pool; readonly reached: Promise<void>; goOn(): void } {
  let goOn = (): void => undefined;
  let reach = (): void => undefined;
  const told = new Promise<void>((resolve) => (goOn = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const connect = async (): Promise<PoolClient> => {
    const client = await pool.connect();
    const query = async (text: string, values?: unknown[]): Promise<unknown> => {
      if (text === 'COMMIT') {
        reach();
        await told;
      }
      return client.query(text, values);
    };
    return { query, release: (error?: Error) => client.release(error) } as unknown as PoolClient;
  };
  return { pool: { connect } as unknown as Pool, reached, goOn };
}

/** Kills the connection under every statement for which `dies` says so. */
function dying(pool: Pool, killer: Pool, dies: () => boolean): Pool {
  const connect = async (): Promise<PoolClient> => {
    const client = await pool.connect();
    client.on('error', () => undefined);
    const query = async (text: string, values?: unknown[]): Promise<unknown> => {
      const answer = client.query(text, values);
      const { processID } = client as unknown as { processID: number };
      if (dies()) await killer.query('SELECT pg_terminate_backend($1)', [processID]);
      return answer;
    };
    return { query, release: (error?: Error) => client.release(error) } as unknown as PoolClient;
  };
  return { connect } as unknown as Pool;
}

describe('while rows are removed', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await testDatabase()));
  afterEach(() => database.drop());

  const NOW = START + 400 * DAY;
  const receive = (userId: string, messageId: string, at: number, name = 'Scrolled'): ReturnType<typeof ingest> =>
    ingest(database, staticDefinitions(before), {
      events: [
        { userId, messageId, type: 'track', name, at, active: true, traits: null, properties: '{}', anonymousId: null },
      ],
      aliases: [],
      receivedAt: at,
    });

  const fill = (users: number, each: number): Promise<unknown> =>
    database.pool.query(
      `WITH person AS (
         INSERT INTO users (id, created_at, last_seen_at) SELECT 'user ' || n, 0, 0 FROM generate_series(1, $1::int) AS n RETURNING id
       ), run AS (
         INSERT INTO runs (id, user_id, journey, status, entered_at, ended_at, body)
         SELECT gen_random_uuid(), id, 'visits', 'completed', $3, $3, '{"since": 0, "journal": []}' FROM person
       )
       INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, pending)
       SELECT id, 'old ' || n, 'track', 'Scrolled', $3, $3, '{}', false FROM person, generate_series(1, $2::int) AS n`,
      [users, each, START],
    );
  const counted = async (what: string): Promise<number> =>
    Number((await database.pool.query<{ n: number }>(`SELECT ${what}`)).rows[0]?.n);

  test('events come in, for the same people too, and wait for nothing', async () => {
    await fill(20, 10);
    const held = heldBack(database.pool);
    const removal = step(held.pool, NOW);
    await held.reached;
    // Nobody waits for the step under way, and no other process makes one.
    const received = await Promise.all([receive('user 1', 'new', NOW), receive('user 21', 'new', NOW)]);
    expect(received).toHaveLength(2);
    const ada = new VirtualUser(database, 'user 2', before);
    await ada.receive({ id: 'v', name: 'Visited', at: NOW, receivedAt: NOW, properties: {} });
    expect(await step(database.pool, NOW)).toBeNull();
    held.goOn();
    expect(await removal).toMatchObject({ isComplete: true, removed: { ...NOTHING, events: 200, runs: 20 } });
    expect(await counted('count(*) AS n FROM events')).toBe(3);
    expect(await pass(database.pool, NOW)).toEqual(NOTHING);
  });

  test('processes that are killed in the middle, and others beside them, remove everything once', async () => {
    const [users, each] = [30, 10];
    await fill(users, each);
    const removers = [1, 2, 3].map((n) => openDatabase(database.url, `remover ${n}`));
    let statements = 0;
    let failures = 0;
    let isOver = false;
    const feed = async (): Promise<number> => {
      for (let n = 0; ; n++) {
        if (isOver) return n;
        await receive(`user ${(n % users) + 1}`, `new ${n}`, NOW);
      }
    };
    const remove = async ({ pool }: { readonly pool: Pool }, nth: number): Promise<void> => {
      const mortal = dying(pool, database.pool, () => (++statements + nth) % 9 === 0);
      while ((await counted(`count(*) AS n FROM events WHERE message_id LIKE 'old %'`)) > 0)
        await step(mortal, NOW, { users: 7 }).catch(() => {
          failures++;
        });
      isOver = true;
    };
    const [fed] = await Promise.all([feed(), ...removers.map(remove)]);
    expect(failures).toBeGreaterThan(0);
    await pass(database.pool, NOW);
    expect(await counted('count(*) AS n FROM runs')).toBe(0);
    // A step that was killed has counted nothing; one whose answer was lost has counted all.
    expect(await counted(`n FROM removed_runs WHERE journey = 'visits' AND status = 'completed'`)).toBe(users);
    expect(await counted('count(*) AS n FROM events')).toBe(fed);
    await Promise.all(removers.map((one) => one.close()));
  });

  test('what is open, pending, proof of consent, about groups or shown stays, however old it is', async () => {
    const { knex, pool } = database;
    const old = { at: START, received_at: START, properties: {}, pending: false, type: 'track', name: 'Scrolled' };
    const user = (id: string): object => ({ id, created_at: 0, last_seen_at: 0 });
    await knex('users').insert([user('open'), user('quiet')]);
    const event = (user_id: string, message_id: string, own: object = {}): object => ({
      ...old,
      user_id,
      message_id,
      ...own,
    });
    await knex('events').insert([
      event('quiet', 'plain'),
      event('quiet', 'consent', { type: 'consent', name: 'Unsubscribed' }),
      event('quiet', 'group', { type: 'group', name: 'Group' }),
      event('quiet', 'paid', { name: 'Order Paid' }),
      event('quiet', 'counted', { name: 'Order Placed' }),
      event('quiet', 'received today', { received_at: NOW }),
      event('open', 'before the run', { name: 'Order Paid', at: START - DAY }),
      event('open', 'in the run', { name: 'Order Paid', at: START + 1 }),
      event('open', 'the answer', { type: 'internal', name: 'sojourn:called', at: START + 1 }),
      event('open', 'noise in the run', { at: START + 1 }),
    ]);
    const run = (n: number, own: object): object => ({
      id: `00000000-0000-0000-0000-00000000000${n}`,
      user_id: 'open',
      journey: 'orders',
      status: 'completed',
      entered_at: START,
      ended_at: START,
      body: { since: START, journal: [] },
      ...own,
    });
    await knex('runs').insert([
      run(1, { status: 'active', ended_at: null, key: 'o-1' }),
      run(2, { key: 'o-2', reason: 'the first of two' }),
      run(3, { key: 'o-2', entered_at: START + DAY, reason: 'the last of two' }),
      run(4, { key: 'o-3', body: { since: START, journal: [], uncounted: true } }),
      run(5, { journey: 'refills', key: 'o-1' }),
      run(6, { journey: 'of another release', key: 'o-1', reason: 'unknown' }),
      run(7, { journey: 'visits', reason: 'shown' }),
      run(8, { journey: 'visits' }),
    ]);
    const message = (n: number, of: number, step: string, own: object = {}): object => ({
      id: `00000000-0000-0000-0000-00000000010${n}`,
      run_id: `00000000-0000-0000-0000-00000000000${of}`,
      user_id: 'open',
      journey: 'visits',
      step,
      channel: 'inApp',
      template: 't',
      status: 'sent',
      transactional: false,
      data: {},
      decided_at: START,
      expires_at: START + DAY,
      ...own,
    });
    await knex('messages').insert([
      message(1, 1, 'of an open run', { channel: 'email' }),
      message(2, 8, 'gone'),
      message(3, 7, 'still shown', { decided_at: START + 1, expires_at: NOW + DAY }),
      message(4, 8, 'hides the one before', { decided_at: START + 2 }),
      message(5, 8, 'held', { status: 'held' }),
    ]);
    await pass(pool, NOW);
    const left = async (table: string, column: string): Promise<string[]> =>
      (await knex(table).whereNot(column, '').pluck<string[]>(column)).sort();
    expect(await left('events', 'message_id')).toEqual(
      ['consent', 'group', 'counted', 'in the run', 'the answer', 'received today'].sort(),
    );
    expect(await left('runs', 'reason')).toEqual(['shown', 'the last of two', 'unknown']);
    expect(await counted('count(*) AS n FROM runs')).toBe(4);
    expect(await left('messages', 'step')).toEqual(['held', 'hides the one before', 'of an open run', 'still shown']);
    const { events } = await removedBefore(pool);
    expect(events).toBe(NOW - 30 * DAY);
  });

  test('the place of a pass is not the id of an erased user, nor of one merged into them', async () => {
    await fill(3, 1);
    const place = async (): Promise<string> =>
      (await database.knex('retention').first<{ last_user: string }>('last_user')).last_user;
    await step(database.pool, NOW, { users: 2 });
    expect(await place()).toBe('user 2');
    await eraseUser(database, 'user 2');
    expect(await place()).toBe('user 1');
    await database.knex('aliases').insert({ previous_id: 'user 1', user_id: 'user 3' });
    await eraseUser(database, 'user 3');
    expect(await place()).toBe('');

    // A step that has already read the user stores their id before the erasure goes on.
    const held = heldBack(database.pool);
    const removal = step(held.pool, NOW, { users: 1 });
    await held.reached;
    const erased = eraseUser(database, 'user 1');
    await until('the erasure waits for the step', () => areWaiting(database.pool, 1));
    held.goOn();
    expect([await removal, await erased]).toMatchObject([{ isComplete: false }, true]);
    expect(await place()).toBe('');
  });

  test('an event stays some days longer than a question looks back, for a member of a group who is decided late', async () => {
    const user = { id: 'member', created_at: 0, last_seen_at: 0 };
    await database.knex('users').insert(user);
    const at = (days: number): object => ({
      ...{ user_id: 'member', message_id: `${days} days`, type: 'track', name: 'Asked', at: NOW - days * DAY },
      ...{ received_at: NOW - days * DAY, properties: {}, pending: false },
    });
    await database.knex('events').insert([at(49), at(56), at(58)]);
    await noteLookBack(database.pool, { Asked: NOW - 50 * DAY }, NOW);
    await pass(database.pool, NOW);
    expect(await database.knex('events').orderBy('message_id').pluck('message_id')).toEqual(['49 days', '56 days']);
  });

  test('each kind has its own time, and what has none stays for ever', async () => {
    await fill(3, 5);
    const kept = { events: null, messages: null, runs: null };
    expect(await pass(database.pool, NOW, { retention: kept })).toEqual(NOTHING);
    expect(await pass(database.pool, NOW, { retention: { ...kept, events: 401 * DAY } })).toEqual(NOTHING);
    expect(await pass(database.pool, NOW, { retention: { ...kept, runs: 399 * DAY } })).toEqual({
      ...NOTHING,
      runs: 3,
    });
    expect(await pass(database.pool, NOW, { retention: { ...kept, events: 399 * DAY } })).toEqual({
      ...NOTHING,
      events: 15,
    });
  });
});
