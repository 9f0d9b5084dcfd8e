import { z } from 'zod';
import { event, journey, lifecycle, policy } from '../../engine';
import { advance, type Advanced } from '../../engine/advance/advance';
import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import type { JsonObject } from '../../engine/model/json';
import { compile } from '../../engine/outline/compile';
import { ingest } from '../../store/ingest';
import { recordDelivery } from '../../store/messages';
import { loadUser, type LoadedUser } from '../../store/state-load';
import { saveUser } from '../../store/state-save';
import { testDatabase, type TestDatabase } from '../support/database';
import { fullReads, readsOf } from '../support/full-reads';
import { holdUser } from '../support/locks';
import { until } from '../support/until';

const NOON = Date.parse('2026-01-05T12:00:00Z');
/** PostgreSQL may keep one plan for all parameters once it has planned a statement five times. */
const UNTIL_PLAN_IS_KEPT = 6;
const started = event('Started', z.object({}), {});
const touched = event('Touched', z.object({}), {});

/** Each user gets one message and stays in the journey, in which every touch counts. */
const trial = journey('trial', { enter: started }, async (j) => {
  await j.send('welcome', { email: 'welcome' });
  for (let n = 1; n <= 100; n++) await j.waitFor(`touch ${n}`, touched, { within: '30 days' });
});

let db: TestDatabase;
/** The time of the latest event. Epoch milliseconds. */
let now: number;
let definitions: Definitions;
beforeAll(async () => {
  const stages = lifecycle({ initial: 'new', rules: [{ from: ['new'], to: 'active', on: started }] });
  definitions = await compile({ journeys: [trial], lifecycle: stages, policy: policy(), traits: {} });
});
beforeEach(async () => {
  db = await testDatabase();
  now = NOON;
});
afterEach(async () => {
  jest.restoreAllMocks();
  await db.drop();
});

/** Stores an event of each user. */
async function happen(name: string, ids: readonly string[], messageId = name): Promise<void> {
  const at = (now += 1_000);
  const call = { type: 'track', name, at, active: true, anonymousId: null, properties: '{}', messageId } as const;
  const events = ids.map((userId) => ({ ...call, userId, traits: JSON.stringify({ email: `${userId}@example.com` }) }));
  await ingest(db, staticDefinitions(definitions), { events, aliases: [], receivedAt: at });
}

async function load(id: string): Promise<LoadedUser> {
  const loaded = await loadUser(db.pool, definitions, id);
  if (!loaded) throw new Error(`There is no user ${id}.`);
  return loaded;
}

async function decide(loaded: LoadedUser): Promise<Advanced> {
  const advanced = await advance(loaded.state, now, definitions);
  if (advanced.kind === 'missing history') throw new Error('The engine needs more.');
  return advanced;
}

/** A decision that is not saved yet. */
interface Decision {
  readonly loaded: LoadedUser;
  readonly advanced: Advanced;
}

async function decideAll(ids: readonly string[]): Promise<Decision[]> {
  const all = await Promise.all(ids.map(load));
  return Promise.all(all.map(async (loaded) => ({ loaded, advanced: await decide(loaded) })));
}

const save = ({ loaded, advanced }: Decision): Promise<boolean> => saveUser(db.pool, loaded, advanced, 1);

async function record(id: string): Promise<void> {
  const nothing = { cause: null, reason: '', error: null, deadAddress: null, pauseMs: null };
  await recordDelivery(db.pool, { id, attempts: 1, status: 'sent', providerId: `p ${id}`, at: now, ...nothing });
}

const people = (count: number): string[] => Array.from({ length: count }, (_, n) => `person-${n}`);
const inJourneys = async (): Promise<string[]> => db.knex('runs').orderBy('user_id').pluck('user_id');
const saved = (decisions: readonly Decision[]): Promise<PromiseSettledResult<boolean>[]> =>
  Promise.allSettled(decisions.map(save));
const fulfilled = (value: boolean): PromiseSettledResult<boolean> => ({ status: 'fulfilled', value });

/** What became of the user is the same as if they had been alone. */
async function outcomeOf(id: string): Promise<JsonObject> {
  const user = await db.knex('users').where({ id }).first('memory', 'stage', 'awaiting', 'wake_at', 'asleep');
  const runs = await db.knex('runs').where({ user_id: id }).select('status', 'position', 'entered_at', 'body');
  const messages = await db.knex('messages').where({ user_id: id }).select('status', 'attempts', 'provider_id');
  const events = await db.knex('events').where({ user_id: id }).select('name', 'pending');
  const stages = await db.knex('stage_changes').where({ user_id: id }).select('from', 'to');
  const text = JSON.stringify({ user, runs, messages, events, stages });
  // Ids are made of the user's id, or of a sequence.
  return JSON.parse(
    text
      .replaceAll(id, 'x')
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'uuid')
      .replace(/"(id|trigger)":"\d+"/g, '"$1":"n"'),
  ) as JsonObject;
}

test('fifty people who are decided at once are loaded, saved and recorded by a few statements', async () => {
  const ids = people(50);
  await happen('Started', ids);
  const query = jest.spyOn(db.pool, 'query');
  const decisions = await decideAll(ids);
  expect(await saved(decisions)).toEqual(ids.map(() => fulfilled(true)));
  await Promise.all(decisions.flatMap(({ advanced }) => advanced.effects.messages.map(({ id }) => record(id))));
  // Each of the three takes 32 at once. On a busy machine, what has waited for 5 ms is sent beside the statement before it.
  expect(query.mock.calls.length).toBeGreaterThanOrEqual(6);
  expect(query.mock.calls.length).toBeLessThanOrEqual(12);
  query.mockRestore();
  expect(await db.knex('messages').where({ status: 'sent' }).pluck('user_id')).toHaveLength(50);
  expect(await db.knex('events').where({ pending: true }).pluck('id')).toEqual([]);
});

test('whoever is decided together with others ends up like somebody who is decided alone', async () => {
  const ids = people(3);
  await happen('Started', ['alone', ...ids]);
  for (const group of [['alone'], ids]) {
    const decisions = await decideAll(group);
    await saved(decisions);
    await Promise.all(decisions.flatMap(({ advanced }) => advanced.effects.messages.map(({ id }) => record(id))));
  }
  const alone = await outcomeOf('alone');
  expect(alone).toMatchObject({ messages: [{ status: 'sent', provider_id: 'p uuid' }], stages: [{ to: 'active' }] });
  for (const id of ids) expect(await outcomeOf(id)).toEqual(alone);
});

test('a user who changed meanwhile is not saved; the others of the same statement are', async () => {
  const ids = people(4);
  await happen('Started', ids);
  const decisions = await decideAll(ids);
  await happen('Touched', ['person-2']);
  expect(await saved(decisions)).toEqual([fulfilled(true), fulfilled(true), fulfilled(false), fulfilled(true)]);
  expect(await inJourneys()).toEqual(['person-0', 'person-1', 'person-3']);
  expect(await saved(await decideAll(['person-2']))).toEqual([fulfilled(true)]);
  expect(await inJourneys()).toEqual(ids);
});

test('of two saves of the same decision only one succeeds', async () => {
  const ids = people(2);
  await happen('Started', ids);
  const [first, second] = await decideAll(ids);
  if (!first || !second) throw new Error('Both are decided.');
  expect(await saved([first, first, second])).toEqual([fulfilled(true), fulfilled(false), fulfilled(true)]);
});

test('a user who cannot be saved fails alone', async () => {
  const ids = people(3);
  await happen('Started', ids);
  const decisions = await decideAll(ids);
  const broken = decisions.map(({ loaded, advanced }, n): Decision => {
    const changedRuns = advanced.changedRuns.map((run) => ({ ...run, id: n === 1 ? 'no uuid' : run.id }));
    return { loaded, advanced: { ...advanced, changedRuns } };
  });
  expect(await saved(broken)).toMatchObject([fulfilled(true), { status: 'rejected' }, fulfilled(true)]);
  expect(await inJourneys()).toEqual(['person-0', 'person-2']);
});

test('a user whose row somebody has locked holds up nobody, and is saved once the row is free', async () => {
  const ids = people(3);
  await happen('Started', ids);
  const decisions = await decideAll(ids);
  const release = await holdUser(db.knex, 'person-1');
  const all = decisions.map(save);
  await Promise.all([all[0], all[2]]);
  expect(await inJourneys()).toEqual(['person-0', 'person-2']);
  await release();
  expect(await Promise.all(all)).toEqual([true, true, true]);
});

test('a message whose row somebody has locked holds up no other record', async () => {
  const ids = people(3);
  await happen('Started', ids);
  const decisions = await decideAll(ids);
  await saved(decisions);
  const messages = decisions.flatMap(({ advanced }) => advanced.effects.messages.map(({ id }) => id));
  const transaction = await db.knex.transaction();
  await transaction('messages').where({ id: messages[1] }).forUpdate();
  const all = messages.map(record);
  await Promise.all([all[0], all[2]]);
  await transaction.commit();
  await Promise.all(all);
  expect(await db.knex('messages').where({ status: 'sent' }).pluck('id')).toHaveLength(3);
});

test('whoever has a long history is loaded alone from the second time on', async () => {
  await happen('Started', people(3));
  const history = people(400).map((name, n) => ({
    user_id: 'person-1',
    message_id: name,
    type: 'track',
    name: 'Touched',
    at: NOON,
    received_at: NOON + n,
    properties: '{}',
    pending: true,
  }));
  await db.knex('events').insert(history);
  await Promise.all(people(3).map(load));
  const query = jest.spyOn(db.pool, 'query');
  await Promise.all(people(3).map(load));
  const names = query.mock.calls.map(([statement]) => (statement as unknown as { name: string }).name);
  expect(names).toEqual(['load-user', 'load-users']);
});

test('decisions for many read no table in full, even with plans made while the tables were empty', async () => {
  const decideAndRecord = async (ids: readonly string[]): Promise<void> => {
    await happen('Started', ids);
    const decisions = await decideAll(ids);
    await saved(decisions);
    await Promise.all(decisions.flatMap(({ advanced }) => advanced.effects.messages.map(({ id }) => record(id))));
  };
  // On one connection.
  const { pool } = db;
  pool.options.max = 1;
  for (let n = 0; n < UNTIL_PLAN_IS_KEPT; n++) await decideAndRecord([`first ${n} a`, `first ${n} b`, `first ${n} c`]);
  const before = await fullReads(pool);
  await decideAndRecord(people(30));
  expect(await fullReads(pool)).toEqual(before);
});

test('a decision reads no events of others that are pending, even with plans made while none were', async () => {
  const { pool } = db;
  pool.options.max = 1;
  const decideAbout = async (ids: readonly string[]): Promise<void> => {
    await saved(await decideAll(ids));
  };
  for (let n = 0; n < UNTIL_PLAN_IS_KEPT; n++) {
    const ids = [`${n} alone`, `${n} a`, `${n} b`, `${n} c`];
    await happen('Started', ids);
    await decideAbout(ids.slice(0, 1));
    await decideAbout(ids.slice(1));
    // As autovacuum does: the planner now knows that no event is pending.
    await pool.query('VACUUM ANALYZE events');
  }
  await happen('Started', people(500));
  const before = await readsOf(pool, 'events');
  await decideAbout(['person-7']);
  await decideAbout(['person-1', 'person-2', 'person-3']);
  expect((await readsOf(pool, 'events')) - before).toBeLessThan(100);
});

test('decisions beside events of the same people lose nothing, and never wait for each other in a circle', async () => {
  const ids = people(12);
  const TIMES = 15;
  await happen('Started', ids);
  let posting = true;
  const post = async (order: readonly string[], client: string): Promise<void> => {
    for (let n = 0; n < TIMES; n++) await happen('Touched', order, `${client} ${n}`);
  };
  const work = async (id: string): Promise<void> => {
    while (posting || (await db.knex('events').where({ user_id: id, pending: true }).first('id'))) {
      const loaded = await load(id);
      await save({ loaded, advanced: await decide(loaded) });
    }
  };
  const posts = Promise.all([post(ids, 'a'), post([...ids].reverse(), 'b')]).finally(() => (posting = false));
  await Promise.all([posts, ...ids.map(work)]);
  const runs = await db.knex('runs').select<{ body: { journal: { kind: string; status: string }[] } }[]>('body');
  const touches = runs.map(({ body }) =>
    body.journal.filter(({ kind, status }) => kind === 'waitFor' && status === 'done'),
  );
  expect(touches.map((done) => done.length)).toEqual(ids.map(() => 2 * TIMES));
  const deadlocks = async (): Promise<unknown> => {
    await db.pool.query('SELECT pg_stat_force_next_flush()');
    return db.knex('pg_stat_database').whereRaw('datname = current_database()').first('deadlocks');
  };
  await until('the statistics are there', async () => (await deadlocks()) !== undefined);
  expect(await deadlocks()).toEqual({ deadlocks: 0 });
});
