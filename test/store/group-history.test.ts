import fc from 'fast-check';
import { z } from 'zod';
import { event, type EventDefinition } from '../../engine/authoring/event';
import { journey, type Facts } from '../../engine/authoring/journey';
import { lifecycle } from '../../engine/authoring/lifecycle';
import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import type { Json, JsonObject } from '../../engine/model/json';
import type { Run } from '../../engine/model/state';
import { compile } from '../../engine/outline/compile';
import { unrestrained } from '../../engine/testing/properties/catalogue';
import { visitorId } from '../../store/aliases';
import { eraseUser } from '../../store/erasure';
import { ingest } from '../../store/ingest';
import type { IncomingEvent } from '../../store/ingest-values';
import { findLife } from '../../store/lives';
import { fullReads } from '../support/full-reads';
import { testDatabase, type TestDatabase } from '../support/database';
import { VirtualUser } from '../support/virtual-user';
import { GroupModel } from './group-model';

const HOUR = 3_600_000;
const START = Date.parse('2026-01-05T12:00:00Z');
const plain = (name: string): EventDefinition => ({ kind: 'event', name, schema: null, example: {} });
const a = event('A', z.object({ n: z.number() }), { n: 1 });

/** Everything that can be asked of a group. */
const everything = ({ group, did }: Facts): Json =>
  ['company', 'team'].map((type) => ({
    id: group(type).id,
    traits: { ...group(type).traits },
    count: group(type).members.count,
    admins: group(type)
      .members.list({ where: { role: 'admin' } })
      .map(({ id }) => id)
      .sort(),
    done: did(a).of(type).count(),
    lately: did(a.where({ n: { atLeast: 3 } }))
      .of(type)
      .count({ within: '1 day' }),
    sum: did(a).of(type).sum('n'),
    first: did(a).of(type).first?.at ?? null,
  }));
const asking = journey('asking', { enter: plain('Asked'), reenter: 'always' }, async (j) => {
  await j.pick('everything', everything);
});
const large = journey('large', { enter: plain('Started'), reenter: 'always' }, async (j) => {
  await j.check('large', ({ group }) => Number(group('company').traits['seats']) > 50);
});

let database: TestDatabase;
let definitions: Definitions;
beforeAll(async () => {
  database = await testDatabase();
  const stages = lifecycle({ initial: 'new', rules: [] });
  definitions = await compile({ journeys: [asking, large], lifecycle: stages, ...unrestrained, traits: {} });
});
afterAll(() => database.drop());

let count = 0;
beforeEach(async () => {
  await database.knex.raw('TRUNCATE users, events, aliases, erasures, group_traits CASCADE');
});

interface Sent {
  readonly type?: IncomingEvent['type'];
  readonly at?: number;
  readonly anonymousId?: string;
}

/** Stores an event without advancing anybody. */
async function store(
  userId: string,
  name: string,
  properties: JsonObject,
  receivedAt: number,
  { type = 'track', at = receivedAt, anonymousId }: Sent = {},
): Promise<void> {
  const text = JSON.stringify(properties);
  const call: IncomingEvent = {
    userId,
    messageId: String(++count),
    type,
    name,
    at,
    active: type !== 'group',
    traits: type === 'identify' ? text : null,
    properties: text,
    anonymousId: anonymousId ?? null,
  };
  await ingest(database, staticDefinitions(definitions), { events: [call], aliases: [], receivedAt });
}

const belongs = (user: string, groupId: string, traits: JsonObject, at: number): Promise<void> =>
  store(user, 'Group', { ...traits, groupId }, at, { type: 'group' });

async function outcomeOf(user: string, now: number): Promise<Json | undefined> {
  await new VirtualUser(database, user, definitions).advance(now);
  const runs = await database.knex('runs').where({ user_id: user }).pluck<Run[]>('body');
  return runs.at(-1)?.journal[0]?.outcome;
}

const USERS = ['ada', 'bob', 'cy'] as const;
const VISITOR = visitorId('laptop');
const somebody = fc.constantFrom(...USERS, VISITOR);
const hours = fc.integer({ min: 0, max: 20 });
const late = fc.constantFrom(0, 0, 0, 10, 40);
const said = fc.record(
  { seats: fc.integer({ min: 1, max: 9 }), plan: fc.constantFrom('pro', 'free', null) },
  { requiredKeys: [] },
);
const group = fc.constantFrom(
  ['acme', {}],
  ['umbrella', {}],
  ['acme', { groupType: 'team' }],
  ['north', { groupType: 'team' }],
);
const calls = fc.record({ kind: fc.constant('group'), user: somebody, group, said, hours, late });
const deeds = fc.record({ kind: fc.constant('did'), user: somebody, n: fc.integer({ min: 1, max: 5 }), hours, late });
const changes = fc.oneof(
  fc.record({ kind: fc.constant('erasure'), user: fc.constantFrom(...USERS), hours }),
  fc.record({ kind: fc.constant('login'), user: fc.constantFrom(...USERS), hours }),
  fc.record({
    kind: fc.constant('role'),
    user: fc.constantFrom(...USERS),
    role: fc.constantFrom('admin', 'guest'),
    hours,
  }),
);
const arrivals = fc.oneof({ arbitrary: calls, weight: 3 }, { arbitrary: deeds, weight: 2 });
const acts = fc.array(fc.oneof({ arbitrary: arrivals, weight: 4 }, { arbitrary: changes, weight: 1 }), {
  maxLength: 20,
  size: 'max',
});

test('the answers of PostgreSQL are those of a plain model, for late calls, logins and erasures', () =>
  fc.assert(
    fc.asyncProperty(acts, fc.array(arrivals, { maxLength: 5 }), async (before, after) => {
      await database.knex.raw('TRUNCATE users, events, aliases, erasures, group_traits CASCADE');
      const model = new GroupModel();
      let now = START;
      const live = async (act: (typeof before)[number]): Promise<void> => {
        now += act.hours * HOUR + 1;
        if (act.kind === 'erasure') {
          await eraseUser(database, act.user);
          model.erase(act.user);
        } else if (act.kind === 'login') {
          await store(act.user, 'Other', {}, now, { anonymousId: VISITOR });
          model.merge(VISITOR, act.user);
        } else if (act.kind === 'role') {
          await store(act.user, 'Identify', { role: act.role }, now, { type: 'identify' });
          model.roles.set(act.user, act.role);
        } else {
          // Each time is unique, so that nothing is left to chance.
          const at = now - act.late * HOUR;
          if (act.kind === 'group') {
            const [groupId, type] = act.group;
            const properties = { ...type, ...act.said, groupId } as JsonObject;
            await store(act.user, 'Group', properties, now, { type: 'group', at });
            model.call({ user: act.user, properties, at, receivedAt: now });
          } else {
            await store(act.user, 'A', { n: act.n }, now, { at });
            model.do({ user: act.user, n: act.n, at, receivedAt: now });
          }
        }
      };
      for (const act of before) await live(act);
      await store('ada', 'Asked', {}, ++now);
      const asked = now;
      for (const act of after) await live(act);
      expect(await outcomeOf('ada', now + 1)).toEqual(
        ['company', 'team'].map((type) => model.answer('ada', type, asked)),
      );
    }),
    { numRuns: 60 },
  ));

test('a check on seats decides by what anybody of the company said', async () => {
  await belongs('ada', 'acme', { seats: 5, plan: 'pro' }, START);
  await belongs('bob', 'acme', { seats: 60 }, START + 1);
  await belongs('cy', 'umbrella', { seats: 5 }, START + 2);
  for (const user of ['ada', 'cy']) await store(user, 'Started', {}, START + 3);
  expect([await outcomeOf('ada', START + 4), await outcomeOf('cy', START + 4)]).toEqual([true, false]);
});

test('a late worker decides by what was known at the time', async () => {
  await belongs('ada', 'acme', { seats: 5 }, START);
  await store('ada', 'Started', {}, START + 1);
  await belongs('bob', 'acme', { seats: 60 }, START + 2);
  expect(await outcomeOf('ada', START + HOUR)).toBe(false);
});

test('a company outlives the user who described it, without what is their own', async () => {
  const ada = { email: 'ada@example.com', firstName: 'Ada' };
  await store('ada', 'Identify', ada, START, { type: 'identify' });
  await belongs('ada', 'acme', { seats: 60, owner: 'ada', contact: 'ada@example.com', hello: 'Ada' }, START);
  await belongs('bob', 'acme', {}, START + 1);
  await eraseUser(database, 'ada');
  expect(await database.knex('group_traits')).toEqual([
    { type: 'company', group_id: 'acme', trait: 'seats', value: 60, at: START, received_at: START },
  ]);
  await store('bob', 'Started', {}, START + 2);
  expect(await outcomeOf('bob', START + 3)).toBe(true);
});

test('a step asks all about a group in one statement, and nobody else is asked for more', async () => {
  await belongs('ada', 'acme', {}, START);
  await store('ada', 'Started', {}, START + 1);
  const statements = jest.spyOn(database.pool, 'query');
  const names = (): (string | undefined)[] =>
    statements.mock.calls.map(([query]: readonly unknown[]) => (query as { name?: string }).name);
  await new VirtualUser(database, 'ada', definitions).advance(START + 2);
  expect(names()).toEqual(['load-user', 'group-history', 'save-user']);
  statements.mockClear();
  await store('ada', 'Other', {}, START + 3);
  await new VirtualUser(database, 'ada', definitions).advance(START + 4);
  expect(names()).not.toContain('group-history');
  statements.mockRestore();
});

test('the statement reads indexes, however many users and calls there are', async () => {
  await database.knex.raw(
    `INSERT INTO users (id, created_at, last_seen_at) SELECT 'user' || n, 0, 0 FROM generate_series(1, 3000) n`,
  );
  await database.knex
    .raw(`INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, active, pending)
    SELECT 'user' || n % 3000 + 1, n::text, CASE WHEN n % 10 = 0 THEN 'group' ELSE 'track' END, CASE WHEN n % 10 = 0 THEN 'Group' ELSE 'A' END,
      n, n, jsonb_build_object('groupId', 'g' || n % 300, 'seats', n, 'n', 1), false, false FROM generate_series(1, 60000) n`);
  await database.knex.raw('ANALYZE events; ANALYZE users');
  await store('user11', 'Asked', {}, START);
  const before = await fullReads(database.pool);
  await new VirtualUser(database, 'user11', definitions).advance(START + 1);
  expect(await fullReads(database.pool)).toEqual(before);
  expect(await database.knex('runs').where({ user_id: 'user11' }).pluck('body')).toMatchObject([
    { journal: [{ outcome: [{ id: 'g10', traits: { seats: 59_710 } }, { id: null }] }] },
  ]);
});

test('a type that is too long for an index is no type', async () => {
  await belongs('ada', 'acme', { groupType: 'x'.repeat(30_000), seats: 60 }, START);
  await store('ada', 'Started', {}, START + 1);
  expect(await outcomeOf('ada', START + 2)).toBe(true);
});

test('the life of a member has what all others said about their groups, also those who are erased', async () => {
  await belongs('ada', 'acme', { seats: 5 }, START);
  await belongs('bob', 'acme', { seats: 60 }, START + 1);
  await belongs('cy', 'acme', { plan: 'pro' }, START + 2);
  await belongs('cy', 'umbrella', { seats: 1 }, START + 3);
  await eraseUser(database, 'bob');
  expect((await findLife(database, 'ada'))?.saidOfGroups).toEqual([
    { groupId: 'acme', receivedAt: START + 1, properties: { groupType: 'company', seats: 60 } },
    { groupId: 'acme', receivedAt: START + 2, properties: { plan: 'pro' } },
  ]);
  await store('dan', 'Started', {}, START + 4);
  expect((await findLife(database, 'dan'))?.saidOfGroups).toEqual([]);
});
