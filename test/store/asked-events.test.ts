import fc from 'fast-check';
import { z } from 'zod';
import { anyOf, event, type EventDefinition } from '../../engine/authoring/event';
import { journey, type Facts } from '../../engine/authoring/journey';
import { lifecycle } from '../../engine/authoring/lifecycle';
import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import type { Json, JsonObject } from '../../engine/model/json';
import type { Run } from '../../engine/model/state';
import { compile } from '../../engine/outline/compile';
import { MemoryHost } from '../../engine/testing/memory-host';
import { unrestrained } from '../../engine/testing/properties/catalogue';
import { visitorId } from '../../store/aliases';
import { eraseUser } from '../../store/erasure';
import { ingest } from '../../store/ingest';
import { fullReads } from '../support/full-reads';
import { testDatabase, type TestDatabase } from '../support/database';
import { VirtualUser } from '../support/virtual-user';

const HOUR = 3_600_000;
const VISITOR = visitorId('laptop');
const plain = (name: string): EventDefinition => ({ kind: 'event', name, schema: null, example: {} });
const [a, b] = [plain('A'), event('B', z.object({ n: z.number() }), { n: 1 })];

/** Everything that can be asked. */
const everything = ({ did, local }: Facts): Json => [
  did(a).count(),
  did(a).count({ within: '1 day' }),
  did(a).days().length,
  did(b.where({ n: { atLeast: 3 } })).count({ within: '2 days' }),
  did(b.where(({ properties }) => properties.n === 2)).list().length,
  did(b).sum('n'),
  did(anyOf(a, b)).streak(),
  did(anyOf(a, b)).first?.at ?? null,
  did(anyOf(a, b)).last?.local.time ?? null,
  did(plain('Never')).last === null,
  local.time,
];
const asking = journey('asking', { enter: plain('Asked'), reenter: 'always' }, async (j) => {
  await j.pick('everything', everything);
});

let database: TestDatabase;
let definitions: Definitions;
beforeAll(async () => {
  database = await testDatabase();
  const stages = lifecycle({ initial: 'new', rules: [] });
  definitions = await compile({ journeys: [asking], lifecycle: stages, ...unrestrained, traits: {} });
});
afterAll(() => database.drop());

interface Sent {
  readonly id: string;
  readonly name: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly properties: JsonObject;
}

/** Stores an event without advancing anybody. */
async function store(
  userId: string,
  { id, name, properties, ...times }: Sent,
  anonymousId: string | null,
): Promise<void> {
  const call = { type: 'track', active: true, traits: null, properties: JSON.stringify(properties) } as const;
  const events = [{ ...call, userId, messageId: id, name, at: times.at, anonymousId }];
  await ingest(database, staticDefinitions(definitions), { events, aliases: [], receivedAt: times.receivedAt });
}

/** The recorded outcome and facts of the step, without the ids of events, which the store gives. */
function recordOf(runs: readonly Run[]): unknown {
  const { outcome, facts } = runs.at(-1)?.journal[0] ?? {};
  const text = JSON.stringify([outcome, facts], (key, value: unknown) => (key === 'id' ? undefined : value));
  return JSON.parse(text);
}

const acts = fc.array(
  fc.oneof(
    {
      arbitrary: fc.record({
        kind: fc.constantFrom('by ada', 'by ada', 'by the visitor'),
        name: fc.constantFrom('A', 'B', 'Other'),
        n: fc.integer({ min: 1, max: 4 }),
        hours: fc.integer({ min: 0, max: 30 }),
        late: fc.constantFrom(0, 0, 5, 50),
        // A client that gets no answer sends the event again.
        again: fc.nat({ max: 6 }),
      }),
      weight: 10,
    },
    { arbitrary: fc.constant({ kind: 'login' as const, hours: 1 }), weight: 2 },
    { arbitrary: fc.constant({ kind: 'erasure' as const, hours: 1 }), weight: 1 },
  ),
  { minLength: 1, maxLength: 14, size: 'max' },
);

test('the answers of PostgreSQL are those of memory, for duplicates, late events, logins and erasures', () =>
  fc.assert(
    fc.asyncProperty(acts, acts, async (before, after) => {
      await database.knex.raw('TRUNCATE users, events, aliases, erasures CASCADE');
      let now = Date.parse('2026-01-05T12:00:00Z');
      let stored = { ada: new Map<string, Sent>(), visitor: new Map<string, Sent>() };
      let isMerged = false;
      let count = 0;
      const add = (person: Map<string, Sent>, sent: Sent): void => {
        if (!person.has(sent.id)) person.set(sent.id, sent);
      };
      const live = async (act: (typeof before)[number]): Promise<void> => {
        now += act.hours * HOUR + 1;
        if (act.kind === 'erasure') {
          await eraseUser(database, 'ada');
          stored = { ada: new Map(), visitor: isMerged ? new Map() : stored.visitor };
          isMerged = false;
        } else if (act.kind === 'login') {
          const sent = { id: `login ${++count}`, name: 'Other', at: now, receivedAt: now, properties: {} };
          await store('ada', sent, VISITOR);
          if (stored.visitor.size > 0) {
            for (const one of stored.visitor.values()) add(stored.ada, one);
            stored.visitor.clear();
            isMerged = true;
          }
          add(stored.ada, sent);
        } else {
          const { name, n, late, again, kind } = act;
          const id = String(again === 0 ? Math.max(1, count - 1) : ++count);
          const sent = { id, name, at: now - late * HOUR, receivedAt: now, properties: { n } };
          await store(kind === 'by ada' ? 'ada' : VISITOR, sent, null);
          add(kind === 'by ada' || isMerged ? stored.ada : stored.visitor, sent);
        }
      };
      for (const act of before) await live(act);
      const asked = { id: 'asked', name: 'Asked', at: ++now, receivedAt: now, properties: {} };
      await store('ada', asked, null);
      add(stored.ada, asked);
      const host = new MemoryHost({ id: 'ada', traits: {}, reachable: [], createdAt: 0 }, definitions);
      const events = [...stored.ada.values()].sort((one, other) => one.receivedAt - other.receivedAt);
      for (const one of events) await host.take([one], one.receivedAt);
      // The worker is late: what arrives after the question does not count, but nobody is erased.
      for (const act of after.filter(({ kind }) => kind === 'by ada')) await live(act);
      await new VirtualUser(database, 'ada', definitions).advance(now);
      const runs = await database.knex('runs').where({ user_id: 'ada' }).pluck<Run[]>('body');
      expect(recordOf(runs)).toEqual(recordOf(host.runs));
    }),
    { numRuns: 60 },
  ));

test('a step asks all its questions in one statement, and nobody else is asked for more', async () => {
  await store('grace', { id: '1', name: 'Asked', at: 1, receivedAt: 1, properties: {} }, null);
  const statements = jest.spyOn(database.pool, 'query');
  await new VirtualUser(database, 'grace', definitions).advance(2);
  const names = statements.mock.calls.map(([query]: readonly unknown[]) => (query as { name?: string }).name);
  statements.mockClear();
  await store('grace', { id: '2', name: 'A', at: 3, receivedAt: 3, properties: {} }, null);
  await new VirtualUser(database, 'grace', definitions).advance(4);
  const later = statements.mock.calls.map(([query]: readonly unknown[]) => (query as { name?: string }).name);
  statements.mockRestore();
  expect(names).toEqual(['load-user', 'asked-events', 'save-user']);
  expect(later).not.toContain('asked-events');
});

test('the statement reads the index of names, however long the history is', async () => {
  await database.knex.raw(`INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, pending)
    SELECT 'linus', n::text, 'track', CASE WHEN n % 100 = 0 THEN 'A' ELSE 'Scrolled' END, n, n, '{}', false FROM generate_series(1, 20000) n`);
  await database.knex.raw('ANALYZE events');
  await store('linus', { id: 'asked', name: 'Asked', at: 30_000, receivedAt: 30_000, properties: {} }, null);
  const before = await fullReads(database.pool);
  await new VirtualUser(database, 'linus', definitions).advance(30_000);
  expect(await fullReads(database.pool)).toEqual(before);
  expect(await database.knex('runs').where({ user_id: 'linus' }).pluck('body')).toMatchObject([
    { journal: [{ facts: { 'did(A).count': 200 } }] },
  ]);
});
