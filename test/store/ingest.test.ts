import { always } from '../../engine/definitions';
import { ingest } from '../../store/ingest';
import { loadUser } from '../../store/state-load';
import { testDefinitions } from '../api/server';
import { testDatabase, type TestDatabase } from '../support/database';
import { fullReads } from '../support/full-reads';

const NOON = Date.parse('2026-01-05T12:00:00Z');
/** PostgreSQL keeps a plan for all parameters once it has made five for particular ones. */
const ENOUGH_FOR_ONE_PLAN = 12;

let db: TestDatabase;
beforeEach(async () => void (db = await testDatabase()));
afterEach(() => db.drop());

test('a request looks at none but its own users, also with plans made while there were few', async () => {
  const definitions = always(await testDefinitions());
  const identify = (n: number): Promise<unknown> => {
    const userId = `user-${n}`;
    const traits = JSON.stringify({ email: `${userId}@example.com` });
    const call = { type: 'identify', name: 'Identify', properties: '{}', at: NOON, active: true, traits } as const;
    const events = [{ ...call, userId, messageId: `identify-${n}`, anonymousId: `visitor-${n}` }];
    return ingest(db, definitions, { events, aliases: [], receivedAt: NOON });
  };
  const before = await fullReads(db.pool);
  for (let n = 0; n < ENOUGH_FOR_ONE_PLAN; n++) await identify(n);
  expect(await fullReads(db.pool)).toEqual(before);
});

test('the engine is told of an event whether the user did it', async () => {
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
  await ingest(db, always(definitions), { events, aliases: [], receivedAt: NOON });
  const loaded = await loadUser(db.pool, definitions, 'ada');
  expect(loaded?.state.history.events.map(({ active }) => active).sort()).toEqual([false, true]);
});

test.each([1, 1_000])('a request of %i calls takes one round trip', async (calls) => {
  const definitions = always(await testDefinitions());
  const call = { type: 'track', name: 'Signed Up', properties: '{}', at: NOON, active: true, traits: null } as const;
  const events = Array.from({ length: calls }, (_, n) => ({
    ...call,
    userId: `user-${n % 100}`,
    messageId: `event-${n}`,
    anonymousId: null,
  }));
  const [byPg, byKnex] = [jest.spyOn(db.pool, 'query'), jest.fn()];
  db.knex.on('query', byKnex);
  const { stored } = await ingest(db, definitions, { events, aliases: [], receivedAt: NOON });
  expect({ stored, trips: byPg.mock.calls.length + byKnex.mock.calls.length }).toEqual({ stored: calls, trips: 1 });
});
