import { before, every, journey, lifecycle, manual, policy, trait, type JsonObject, type Trigger } from '../../engine';
import { staticDefinitions, type DefinitionsProvider } from '../../engine/definitions/definitions';
import { compile } from '../../engine/outline/compile';
import { ingest } from '../../store/ingest';
import { loadUser } from '../../store/state-load';
import { testDefinitions } from '../api/server';
import { testDatabase, type TestDatabase } from '../support/database';
import { fullReads } from '../support/full-reads';

const NOON = Date.parse('2026-01-05T12:00:00Z');
/** PostgreSQL may keep one plan for all parameters once it has planned a statement five times. */
const ENOUGH_FOR_ONE_PLAN = 12;

let db: TestDatabase;
beforeEach(async () => void (db = await testDatabase()));
afterEach(() => db.drop());

test('a request scans no table in full, even with a plan made while the tables were small', async () => {
  const definitions = staticDefinitions(await testDefinitions());
  const identify = (n: number): Promise<unknown> => {
    const userId = `user-${n}`;
    const traits = JSON.stringify({ email: `${userId}@example.com` });
    const call = { type: 'identify', name: 'Identify', properties: '{}', at: NOON, active: true, traits } as const;
    const events = [{ ...call, userId, messageId: `identify-${n}`, anonymousId: `anon:visitor-${n}` }];
    return ingest(db, definitions, { events, aliases: [], receivedAt: NOON });
  };
  const before = await fullReads(db.pool);
  for (let n = 0; n < ENOUGH_FOR_ONE_PLAN; n++) await identify(n);
  expect(await fullReads(db.pool)).toEqual(before);
});

test('a loaded event says whether it is an activity of the user', async () => {
  const definitions = await testDefinitions();
  const call = {
    type: 'track',
    name: 'Signed Up',
    properties: '{}',
    at: NOON,
    traits: null,
    anonymousId: null,
  } as const;
  const events = [true, false].map((active) => ({ ...call, userId: 'ada', messageId: String(active), active }));
  await ingest(db, staticDefinitions(definitions), { events, aliases: [], receivedAt: NOON });
  const loaded = await loadUser(db.pool, definitions, 'ada');
  expect(loaded?.state.history.events.map(({ active }) => active).sort()).toEqual([false, true]);
});

/** Counts the round trips to PostgreSQL that an act waits for. It does not wait for announcements. */
async function roundTrips(act: () => Promise<unknown>): Promise<number> {
  const [byPg, byPatient, byKnex] = [jest.spyOn(db.pool, 'query'), jest.spyOn(db.patient, 'query'), jest.fn()];
  db.knex.on('query', byKnex);
  await act();
  const calls: unknown[][] = [byPg, byPatient, byKnex].flatMap(({ mock }) => mock.calls as unknown[][]);
  return calls.filter(([query]) => (query as { name?: string } | undefined)?.name !== 'announce-in-app').length;
}

const SIGNED_UP = { type: 'track', name: 'Signed Up', properties: '{}', at: NOON, active: true, traits: null } as const;

test.each([1, 1_000])('a request of %i calls takes one round trip', async (calls) => {
  const definitions = staticDefinitions(await testDefinitions());
  const events = Array.from({ length: calls }, (_, n) => ({
    ...SIGNED_UP,
    userId: `user-${n % 100}`,
    messageId: `event-${n}`,
    anonymousId: null,
  }));
  expect(await roundTrips(() => ingest(db, definitions, { events, aliases: [], receivedAt: NOON }))).toBe(1);
  expect(await db.knex('events').pluck('id')).toHaveLength(calls);
});

test.each([
  [1, 2],
  [250, 2],
  [600, 4],
])('a request of %i aliases of known users takes %i round trips', async (people, trips) => {
  const definitions = staticDefinitions(await testDefinitions());
  const aliases = Array.from({ length: people }, (_, n) => ({ previousId: `visitor-${n}`, userId: `user-${n}` }));
  const call = { ...SIGNED_UP, anonymousId: null };
  const before = aliases.map(({ previousId: userId }) => ({ ...call, userId, messageId: `before-${userId}` }));
  await ingest(db, definitions, { events: before, aliases: [], receivedAt: NOON });
  const events = aliases.map(({ userId }) => ({ ...call, userId, messageId: `after-${userId}` }));
  expect(await roundTrips(() => ingest(db, definitions, { events, aliases, receivedAt: NOON }, 'users'))).toBe(trips);
  expect(await db.knex('aliases').pluck('previous_id')).toHaveLength(people);
  expect(await db.knex('events').whereLike('user_id', 'user-%').pluck('id')).toHaveLength(2 * people);
});

test.each([1, 100])('a request that signs in %i known visitors takes three round trips', async (people) => {
  const definitions = staticDefinitions(await testDefinitions());
  const visitors = Array.from({ length: people }, (_, n) => `anon:visitor-${n}`);
  const before = visitors.map((userId) => ({ ...SIGNED_UP, userId, messageId: `before-${userId}`, anonymousId: null }));
  await ingest(db, definitions, { events: before, aliases: [], receivedAt: NOON });
  const events = visitors.map((anonymousId, n) => ({
    ...SIGNED_UP,
    userId: `user-${n}`,
    messageId: `after-${n}`,
    anonymousId,
  }));
  expect(await roundTrips(() => ingest(db, definitions, { events, aliases: [], receivedAt: NOON }))).toBe(3);
  expect(await db.knex('users').whereLike('id', 'anon:%').pluck('id')).toEqual([]);
});

describe('a call with traits', () => {
  const call = { type: 'identify', name: 'Identify', at: NOON, active: true, anonymousId: null } as const;
  const definitionsWith = async (enter: Trigger): Promise<DefinitionsProvider> => {
    const dated = journey('dated', { enter }, (j) => j.award('come', { points: 1 }));
    const rules = { lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy(), traits: {} };
    return staticDefinitions(await compile({ journeys: [dated], ...rules }));
  };
  let calls = 0;
  const identify = async (definitions: DefinitionsProvider, traits: JsonObject): Promise<string[]> => {
    const properties = JSON.stringify(traits);
    const events = [{ ...call, userId: 'ada', messageId: `call-${++calls}`, properties, traits: properties }];
    const { pending } = await ingest(db, definitions, { events, aliases: [], receivedAt: NOON + calls });
    return pending.map(({ workflow }) => workflow);
  };
  const wakeAt = async (): Promise<unknown> =>
    (await db.knex<{ wake_at: number | null }>('users').first('wake_at'))?.wake_at;
  /** As the engine leaves a user who waits for nothing but a time. */
  const known = {
    memory: '{"version": "v"}',
    asleep: true,
    wake_at: NOON + 1_000_000,
    awaiting: [],
    awaiting_version: 'v',
  };

  test('that sets a date makes a new user known, and any other does not', async () => {
    const definitions = await definitionsWith(before(trait('trialEndsAt'), '3 days'));
    expect(await identify(definitions, { plan: 'trial' })).toEqual([]);
    expect(await wakeAt()).toBeNull();
    expect(await identify(definitions, { trialEndsAt: '2026-02-01' })).toEqual(['queued']);
    expect(await wakeAt()).toBe(NOON + calls);
  });

  test('makes a new user known if the calendar lets users enter', async () => {
    expect(await identify(await definitionsWith(every({ at: '09:00' })), { plan: 'trial' })).toEqual(['queued']);
  });

  test('that changes a date wakes the user at once; one that repeats it, or changes another trait, wakes nobody', async () => {
    const definitions = await definitionsWith(before(trait('trialEndsAt'), '3 days'));
    await identify(definitions, { trialEndsAt: '2026-02-01' });
    await db.knex('users').update(known);
    await db.knex('events').update({ pending: false });
    expect(await identify(definitions, { trialEndsAt: '2026-02-01', plan: 'pro' })).toEqual([]);
    expect(await wakeAt()).toBe(known.wake_at);
    expect(await identify(definitions, { trialEndsAt: '2026-02-08' })).toEqual(['running']);
    expect(await wakeAt()).toBe(NOON + calls);
  });

  test('wakes nobody if neither a date nor the calendar lets users enter', async () => {
    const definitions = await definitionsWith(manual());
    expect(await identify(definitions, { trialEndsAt: '2026-02-01' })).toEqual([]);
    expect(await wakeAt()).toBeNull();
  });
});
