import fc from 'fast-check';
import { journey, lifecycle, policy, traitChanged, type Json, type JsonObject } from '../../engine';
import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import { changesOf } from '../../engine/model/trait-change';
import { compile } from '../../engine/outline/compile';
import { ingest, type Ingested } from '../../store/ingest';
import type { IncomingEvent } from '../../store/ingest-values';
import { testDatabase, type TestDatabase } from '../support/database';
import { fullReads } from '../support/full-reads';

/* A change of a watched trait is stored as an event, in the statement that stores the call. Any other call costs one row. */

const NOON = Date.parse('2026-01-05T12:00:00Z');
const PLAN = 'Trait Changed: plan';
const upgraded = traitChanged('plan', { to: 'pro' });

let db: TestDatabase;
let definitions: Definitions;
/** The name under which the upgrade is awaited. */
let toPro: string;
beforeAll(async () => {
  const rules = { lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy(), traits: {} };
  const exit = [traitChanged('tags'), traitChanged('plan', { from: 'pro', to: null })];
  const pro = journey('pro', { enter: upgraded, exit }, (j) => j.sleep('a day', '1 day'));
  definitions = await compile({ journeys: [pro], ...rules });
  toPro = definitions.narrowed.get(PLAN)?.[0]?.as ?? '';
});
beforeEach(async () => void (db = await testDatabase()));
afterEach(async () => {
  jest.restoreAllMocks();
  await db.drop();
});

let calls = 0;
function identify(userId: string, traits: JsonObject, messageId = `call-${++calls}`): IncomingEvent {
  const text = JSON.stringify(traits);
  const call = { type: 'identify', name: 'Identify', at: NOON, active: true, anonymousId: null } as const;
  return { ...call, userId, messageId, properties: text, traits: text };
}

const store = (...events: readonly IncomingEvent[]): Promise<Ingested> =>
  ingest(db, staticDefinitions(definitions), { events, aliases: [], receivedAt: NOON + ++calls });

interface Change {
  readonly user_id: string;
  readonly at: number;
  readonly active: boolean;
  readonly pending: boolean;
  readonly properties: { readonly trait: string; readonly from: Json; readonly to: Json };
}

const changes = (userId: string): Promise<Change[]> =>
  db.knex<Change>('events').where({ user_id: userId }).whereLike('name', 'Trait Changed: %').orderBy('id').select();
const told = async (userId: string): Promise<Json[]> =>
  (await changes(userId)).map(({ properties: { trait, from, to } }) => [trait, from, to]);

/** Stores a user whom these definitions have left waiting. */
async function known(id: string, traits: JsonObject, exactly: readonly string[]): Promise<void> {
  const awaiting = { awaiting: [PLAN], awaiting_exactly: [...exactly], awaiting_version: definitions.version };
  const row = { id, created_at: 0, last_seen_at: 0, memory: '{}', traits: JSON.stringify(traits) };
  await db.knex('users').insert({ ...row, ...awaiting });
}

async function isValid(id: string): Promise<boolean> {
  const [version] = await db.knex('users').where({ id }).pluck('awaiting_version');
  return version !== '';
}

test('a change is stored beside its call, with what the trait was, and only a real one', async () => {
  await store(identify('ada', { plan: 'free', city: 'London' }));
  await store(identify('ada', { plan: 'free', city: 'Paris' }));
  await store(identify('ada', { plan: 'pro' }));
  await store(identify('ada', { plan: null }));
  await store(identify('ada', { plan: null }), identify('bob', { plan: null, tags: [{ a: 1, b: 2 }] }));
  await store(identify('bob', { tags: [{ b: 2, a: 1 }] }));
  expect(await told('ada')).toEqual([
    ['plan', null, 'free'],
    ['plan', 'free', 'pro'],
    ['plan', 'pro', null],
  ]);
  expect(await told('bob')).toEqual([['tags', null, [{ a: 1, b: 2 }]]]);
  expect(await changes('bob')).toMatchObject([{ at: NOON, active: false }]);
});

test('several changes in one request are stored in order, and a call that is sent again changes nothing', async () => {
  const up = identify('ada', { plan: 'pro' }, 'up');
  const answer = await store(identify('ada', { plan: 'free' }), up, identify('ada', { plan: 'free' }), up);
  expect(answer.stored).toBe(3);
  await store(identify('ada', { plan: 'team' }), up);
  expect(await told('ada')).toEqual([
    ['plan', null, 'free'],
    ['plan', 'free', 'pro'],
    ['plan', 'pro', 'free'],
    ['plan', 'free', 'team'],
  ]);
});

test('a change wakes a user whom the engine does not know if it lets users enter', async () => {
  expect((await store(identify('ada', { plan: 'free' }))).pending).toEqual([]);
  const { pending } = await store(identify('ada', { plan: 'pro' }));
  expect(pending).toMatchObject([{ userId: 'ada', name: PLAN, workflow: 'queued' }]);
});

test('a change wakes whoever awaits it, and nobody else; no change wakes nobody', async () => {
  await known('ada', { plan: 'free' }, [toPro]);
  expect((await store(identify('ada', { plan: 'free' }), identify('ada', { plan: 'team' }))).pending).toEqual([]);
  expect([await isValid('ada'), await changes('ada')]).toMatchObject([true, [{ pending: false }]]);
  expect((await store(identify('ada', { plan: 'pro' }))).pending).toHaveLength(1);
  expect(await isValid('ada')).toBe(false);

  await known('bob', { plan: 'pro' }, [toPro]);
  expect((await store(identify('bob', { plan: 'pro' }))).pending).toEqual([]);
  expect([await isValid('bob'), await changes('bob')]).toEqual([true, []]);
});

test('it takes one statement, which is the plain one for traits that nobody watches', async () => {
  const query = jest.spyOn(db.pool, 'query');
  await store(identify('ada', { city: 'London' }));
  await store(identify('ada', { plan: 'pro' }));
  const named = query.mock.calls.map(
    ([statement]: readonly unknown[]) => (statement as { readonly name: string }).name,
  );
  expect(named).toEqual(['ingest-traits', 'ingest-traits-narrowed-changes']);
});

test('it scans no table in full, even with a plan made while the tables were small', async () => {
  const before = await fullReads(db.pool);
  for (let n = 0; n < 12; n++) await store(identify(`user-${n}`, { plan: 'pro' }));
  expect(await fullReads(db.pool)).toEqual(before);
});

test('a visitor who signs in takes their changes along, and the merge itself is none', async () => {
  await store(identify('anon:v', { plan: 'pro' }));
  await store({ ...identify('ada', { plan: 'pro' }), anonymousId: 'anon:v' });
  expect(await told('ada')).toEqual([['plan', null, 'pro']]);
});

test('traits that are too large change nothing', async () => {
  await store(identify('ada', { plan: 'free' }));
  const answer = await store(identify('ada', { plan: 'pro', more: 'x'.repeat(140_000) }));
  expect(answer.refused).toEqual(new Map([[0, 'traits too large']]));
  expect(await told('ada')).toEqual([['plan', null, 'free']]);
});

test('requests at the same time tell one chain of changes', async () => {
  const plans = Array.from({ length: 40 }, (_, n) => ['free', 'pro', 'team'][n % 3] ?? '');
  await Promise.all(plans.map((plan) => store(identify('ada', { plan }), identify('bob', { plan }))));
  for (const user of ['ada', 'bob']) {
    const stored = await changes(user);
    const from = stored.map(({ properties }) => properties.from);
    const to = stored.map(({ properties }) => properties.to);
    expect(from).toEqual([null, ...to.slice(0, -1)]);
    expect(from.every((value, n) => value !== to[n])).toBe(true);
    const [now] = await db.knex('users').where({ id: user }).pluck('traits');
    expect(now).toMatchObject({ plan: to.at(-1) });
  }
});

const traits = fc.record(
  {
    plan: fc.constantFrom('free', 'pro', 1, null),
    tags: fc.constantFrom([], ['a'], null, { a: [] }),
    city: fc.constantFrom('London', 'Paris'),
  },
  { requiredKeys: [] },
);
const call = fc.record({ user: fc.constantFrom('ada', 'bob'), id: fc.integer({ min: 1, max: 12 }), traits });

test('any batches tell exactly the changes of the traits, each once and in order (property)', async () => {
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(call, { minLength: 1, maxLength: 5 }), { maxLength: 6 }), async (batches) => {
      round++;
      const [now, seen]: [Map<string, JsonObject>, Set<string>] = [new Map(), new Set()];
      const expected = new Map<string, Json[]>();
      for (const batch of batches) {
        await store(...batch.map((one) => identify(`${one.user}-${round}`, one.traits as JsonObject, String(one.id))));
        for (const one of batch) {
          const [name, sent] = [`${one.user}-${round}`, `${one.user} ${one.id}`];
          if (seen.has(sent)) continue;
          seen.add(sent);
          const before = now.get(name) ?? {};
          const made = changesOf(before, one.traits as JsonObject, definitions.watchedTraits);
          const rows = made.map(({ properties: { trait, from, to } }) => [trait, from, to]);
          expected.set(name, [...(expected.get(name) ?? []), ...rows]);
          now.set(name, { ...before, ...(one.traits as JsonObject) });
        }
      }
      for (const [name, rows] of expected) expect(await told(name)).toEqual(rows);
    }),
    { numRuns: 60 },
  );
});
