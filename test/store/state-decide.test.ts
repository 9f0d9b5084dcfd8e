import { compile } from '../../engine/outline/compile';
import { inactivity, milestone } from '../../engine/user/triggers';
import { staticDefinitions, type Definitions, type DefinitionsProvider } from '../../engine/definitions/definitions';
import { activity } from '../../engine/authoring/event';
import { journey } from '../../engine/authoring/journey';
import { lifecycle } from '../../engine/authoring/lifecycle';
import type { JsonObject } from '../../engine/model/json';

import { ingest } from '../../store/ingest';
import type { IncomingEvent } from '../../store/ingest-values';
import { loadAndDecide } from '../../store/state-decide';
import { orderPlaced, projectCreated, signedUp, unrestrained } from '../../engine/testing/properties/catalogue';
import { define } from '../../engine/testing/properties/random-life';
import { testDatabase, type TestDatabase } from '../support/database';
import { VirtualUser, type Happening } from '../support/virtual-user';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test('a user is decided by the current definitions if these change while the user is loaded', async () => {
  const before = await define([]);
  const after = await define([], { stages: false });
  await database.knex('users').insert({ id: 'ada', created_at: 0, last_seen_at: 0 });
  await database.knex('journey_changes').update({ seq: 1 });
  const definitions: { -readonly [Key in keyof DefinitionsProvider]: DefinitionsProvider[Key] } = {
    current: before,
    since: 0,
    changes: 0,
    problems: [],
    refresh: () => Promise.resolve(),
  };
  const decided = loadAndDecide({ pool: database.pool, definitions, now: () => 1_000 }, 'ada');
  // The process takes up the change while the statement is running.
  Object.assign(definitions, { current: after, changes: 1 });
  expect((await decided)?.advanced.state.memory.version).toBe(after.version);
});

test('the history holds an event of whole seconds that may have happened after an entry in that second', async () => {
  const onboarding = journey('onboarding', { enter: signedUp, goal: { event: projectCreated } }, async (j) => {
    await j.waitFor('first project', projectCreated, { within: '1 day' });
  });
  const stages = lifecycle({ initial: 'new', rules: [] });
  const definitions = await compile({ journeys: [onboarding], lifecycle: stages, ...unrestrained, traits: {} });
  const linus = new VirtualUser(database, 'linus', definitions);
  await linus.receive({ id: '1', name: 'Project Created', at: 12_000, receivedAt: 12_800, properties: { name: 'x' } });
  await linus.receive({ id: '2', name: 'Signed Up', at: 12_700, receivedAt: 12_900, properties: {} });
  expect(await database.knex('runs').where({ user_id: 'linus' }).select('status', 'goal_at')).toEqual([
    { status: 'completed', goal_at: 12_000 },
  ]);
});

test('a trigger that a run has overtaken lets nobody enter after its end', async () => {
  const reminding = journey(
    'reminding',
    { enter: orderPlaced, key: ({ properties: { orderId } }) => orderId, reenter: 'restart' },
    async (j) => {
      if (j.event.at !== 13_003) await j.sleep('an hour', '1 hour');
    },
  );
  const stages = lifecycle({ initial: 'new', rules: [] });
  const definitions = await compile({ journeys: [reminding], lifecycle: stages, ...unrestrained, traits: {} });
  const vera = new VirtualUser(database, 'vera', definitions);
  const order = (orderId: string, id: string, at: number, receivedAt: number): Promise<void> =>
    vera.receive({ id, name: 'Order Placed', at, receivedAt, properties: { orderId } });
  await order('a', '1', 11_001, 11_001);
  await order('a', '2', 13_003, 13_003);
  await order('a', '3', 12_002, 14_004);
  await order('b', '4', 12_002, 15_005);
  expect(await database.knex('runs').where({ user_id: 'vera' }).orderBy('entered_at').select('key', 'status')).toEqual([
    { key: 'a', status: 'exited' },
    { key: 'a', status: 'completed' },
    { key: 'b', status: 'active' },
  ]);
});

test('a milestone that an edit adds counts events from when no milestone was left to count', async () => {
  const congratulating = (...counts: number[]): Promise<Definitions> =>
    compile({
      journeys: [
        journey('milestones', { enter: milestone(projectCreated, counts), reenter: 'always' }, async () => {}),
      ],
      lifecycle: lifecycle({ initial: 'new', rules: [] }),
      ...unrestrained,
      traits: {},
    });
  const before = await congratulating(1, 2);
  const edited = await congratulating(1, 2, 5);
  const create = async (definitions: Definitions, n: number): Promise<void> => {
    const grace = new VirtualUser(database, 'grace', definitions);
    await grace.receive({ id: String(n), name: 'Project Created', at: n, receivedAt: n, properties: { name: 'x' } });
  };
  for (let n = 1; n <= 4; n++) await create(before, n);
  await create(edited, 5);
  expect(await database.knex('runs').where({ user_id: 'grace' }).pluck('entered_at')).toEqual([1, 2, 5]);
});

describe('a wait for a time of day', () => {
  const at = (time: string): number => Date.parse(`2026-01-05T${time}:00Z`);
  const happens = (name: string, time: string, properties: JsonObject): Happening => ({
    id: `${name} ${time}`,
    name,
    at: at(time),
    receivedAt: at(time),
    properties,
    type: name === 'Identify' ? 'identify' : 'track',
  });
  const wakeAt = async (id: string): Promise<unknown> =>
    (await database.knex('users').where({ id }).pluck<unknown[]>('wake_at'))[0];
  const mornings = (): Promise<Definitions> =>
    compile({
      journeys: [
        journey('morning', { enter: signedUp }, (j) => j.sleepUntil('in the morning', { at: '09:00' })),
        journey('silence', { enter: inactivity('2 days') }, (j) => j.sleep('a day', '1 day')),
      ],
      lifecycle: lifecycle({ initial: 'new', rules: [] }),
      ...unrestrained,
      traits: {},
    });

  test.each<[string, JsonObject, JsonObject, string]>([
    ['another zone', { timezone: 'Europe/Berlin' }, { timezone: 'Asia/Tokyo' }, '24:00'],
    ['no zone any more', { timezone: 'America/New_York' }, { timezone: null }, '33:00'],
    ['the same zone', { timezone: 'Europe/Berlin' }, { timezone: 'Europe/Berlin' }, '32:00'],
    ['another zone in a trait that does not count', { timezone: 'Europe/Berlin' }, { timeZone: 'Asia/Tokyo' }, '32:00'],
  ])('ends in the morning of the user’s current zone: %s', async (name, before, after, morning) => {
    const lin = new VirtualUser(database, name, await mornings());
    await lin.receive(happens('Identify', '19:00', before));
    await lin.receive(happens('Signed Up', '20:00', { plan: 'free' }));
    await lin.receive(happens('Identify', '21:00', after));
    await lin.passUntil(at('21:00'));
    const [hours = 0] = morning.split(':').map(Number);
    expect(await wakeAt(name)).toBe(at('00:00') + hours * 3_600_000);
  });

  test('a zone alone gives a user nothing to wait for', async () => {
    const ida = new VirtualUser(database, 'ida', await mornings());
    await ida.receive(happens('Identify', '10:00', { firstName: 'Ida' }));
    await ida.receive(happens('Identify', '11:00', { timezone: 'Asia/Tokyo' }));
    expect(await wakeAt('ida')).toBeNull();
  });
});

test('very many pending events are decided in parts, with the same result as all at once', async () => {
  const definitions = await compile({
    journeys: [
      journey('greeting', { enter: signedUp }, async () => {}),
      journey(
        'orders',
        {
          enter: orderPlaced,
          maxOpenRuns: 1_000,
          key: ({ properties: { orderId } }) => (typeof orderId === 'string' ? orderId : undefined),
        },
        async (j) => {
          await j.waitFor('anything', activity, { within: '1 day' });
        },
      ),
    ],
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    ...unrestrained,
    traits: {},
  });
  const orders = Array.from({ length: 1_200 }, (_, index) => index);
  const event = (name: string, n: number): IncomingEvent => ({
    userId: 'jo',
    messageId: `${name} ${n}`,
    type: 'track',
    name,
    at: n,
    active: true,
    traits: null,
    properties: JSON.stringify({ orderId: String(n) }),
    anonymousId: null,
  });
  const receive = (name: string, part: readonly number[], receivedAt: number): Promise<unknown> =>
    ingest(database, staticDefinitions(definitions), {
      events: part.map((n) => event(name, n)),
      aliases: [],
      receivedAt,
    });
  await receive('Signed Up', orders.slice(0, 600), 10_001);
  await receive('Order Placed', orders.slice(600, 900), 10_002);
  await receive('Order Placed', orders.slice(900), 10_003);
  const jo = new VirtualUser(database, 'jo', definitions);
  const now = 20_000;
  const left = async (): Promise<number> =>
    (await database.knex('events').where({ user_id: 'jo', pending: true }).pluck('id')).length;
  await jo.advance(now);
  // Events received together are decided together.
  expect(await left()).toBe(600);
  // The events that are left may change what the user awaits, so any event is pending. This clock is behind the worker's.
  await receive('Project Created', [1_199], now - 1);
  await jo.advance(now);
  expect(await left()).toBe(301);
  await jo.passUntil(now);
  expect(await left()).toBe(0);
  const { rows } = await database.pool.query(
    `SELECT journey, status, count(*) AS n FROM runs WHERE user_id = 'jo' GROUP BY journey, status ORDER BY n, journey`,
  );
  expect(rows).toEqual([
    { journey: 'greeting', status: 'completed', n: 1 },
    { journey: 'orders', status: 'completed', n: 1 },
    { journey: 'orders', status: 'active', n: 599 },
  ]);
});
