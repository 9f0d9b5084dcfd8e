import { z } from 'zod';
import { event, journey, lifecycle, policy } from '../../engine';
import { advance } from '../../engine/advance/advance';
import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import { compile } from '../../engine/outline/compile';
import { ingest } from '../../store/ingest';
import type { IncomingEvent } from '../../store/ingest-values';
import { loadUser } from '../../store/state-load';
import { saveUser } from '../../store/state-save';
import { testDatabase, type TestDatabase } from '../support/database';

/* An event that passes no filter costs one row and wakes nobody. */

const NOON = Date.parse('2026-01-05T12:00:00Z');
const cartUpdated = event('Cart Updated', z.object({ total: z.number() }), { total: 60 });
const cart = journey(
  'cart',
  { enter: cartUpdated.where({ total: { atLeast: 50 } }), reenter: 'always', exit: [cartUpdated.where({ total: 0 })] },
  (j) => j.sleep('an hour', '1 hour'),
);

let db: TestDatabase;
let definitions: Definitions;
/** The names under which the cart is awaited as a trigger and as an exit. */
let filled: string;
let emptied: string;
beforeAll(async () => {
  const stages = lifecycle({ initial: 'new', rules: [] });
  definitions = await compile({ journeys: [cart], lifecycle: stages, policy: policy(), traits: {} });
  [filled = '', emptied = ''] = definitions.narrowed.get('Cart Updated')?.map((one) => one.as) ?? [];
});
beforeEach(async () => void (db = await testDatabase()));
afterEach(async () => {
  jest.restoreAllMocks();
  await db.drop();
});

const CALL = { at: NOON, active: true, traits: null, anonymousId: null } as const;
const cartOf = (userId: string, total: number, messageId = `cart of ${total}`): IncomingEvent => ({
  ...CALL,
  userId,
  messageId,
  type: 'track',
  name: 'Cart Updated',
  properties: JSON.stringify({ total }),
});

const store = (...events: readonly IncomingEvent[]): Promise<unknown> =>
  ingest(db, staticDefinitions(definitions), { events, aliases: [], receivedAt: NOON });

/** Stores a user whom these, or other, definitions have left waiting. */
async function known(
  id: string,
  awaiting: readonly string[],
  exactly: readonly string[] | null,
  version = definitions.version,
): Promise<void> {
  const columns = { awaiting: [...awaiting], awaiting_exactly: exactly && [...exactly], awaiting_version: version };
  await db.knex('users').insert({ id, created_at: 0, last_seen_at: 0, memory: '{}', ...columns });
}

async function pending(): Promise<unknown[]> {
  const rows: { readonly properties: { readonly total: number } }[] = await db
    .knex('events')
    .where({ pending: true })
    .orderBy('id')
    .select('properties');
  return rows.map(({ properties }) => properties.total);
}
async function stillValid(id: string): Promise<boolean> {
  const [version] = await db.knex('users').where({ id }).pluck('awaiting_version');
  return version !== '';
}

describe.each<[string, (id: string) => IncomingEvent[]]>([
  ['alone', () => []],
  [
    'beside traits',
    (userId) => [
      { ...CALL, userId, messageId: 'i', type: 'identify', name: 'Identify', properties: '{}', traits: '{"a":1}' },
    ],
  ],
  ['beside a sign-in', (userId) => [{ ...cartOf(userId, 7, 'signed in'), name: 'Seen', anonymousId: 'anon:nobody' }]],
])('an event with filters, %s', (_, others) => {
  const add = (id: string, total: number): Promise<unknown> => store(cartOf(id, total), ...others(id));

  it('is pending if it passes the one that the user awaits', async () => {
    await known('ada', ['Cart Updated'], [filled]);
    await add('ada', 10);
    await store(cartOf('ada', 0));
    expect([await pending(), await stillValid('ada')]).toEqual([[], true]);
    await add('ada', 60);
    expect([await pending(), await stillValid('ada')]).toEqual([[60], false]);
  });

  it('is pending whatever it passes, if the user awaits all of the name, or anything', async () => {
    await known('ada', ['Cart Updated'], ['Cart Updated', filled]);
    await known('bob', ['*'], ['*']);
    await add('ada', 10);
    await add('bob', 11);
    expect(await pending()).toEqual(expect.arrayContaining([10, 11]));
  });

  it('is pending whatever it passes, if the user was stored without filters, or by other definitions', async () => {
    await known('before', ['Cart Updated'], null);
    await known('edited', ['Cart Updated'], ['Cart Updated\nof another filter'], 'another version');
    await known('new to it', ['Other'], ['Other'], 'another version');
    await add('before', 10);
    await add('edited', 11);
    await add('new to it', 12);
    expect(await pending()).toEqual(expect.arrayContaining([10, 11, 12]));
    expect([await stillValid('before'), await stillValid('edited')]).toEqual([false, false]);
  });

  it('is pending for a user whom the engine does not know if it passes', async () => {
    await add('ada', 10);
    await add('bob', 60);
    await add('bob', 0);
    expect(await pending()).toEqual([60, 0]);
  });
});

test('it takes one statement, which is the plain one for events without filters', async () => {
  await known('ada', ['Cart Updated'], [filled]);
  const query = jest.spyOn(db.pool, 'query');
  await store(cartOf('ada', 10), cartOf('ada', 60));
  await store({ ...cartOf('ada', 10, 'other'), name: 'Seen' });
  const named = query.mock.calls.map(
    ([statement]: readonly unknown[]) => (statement as { readonly name: string }).name,
  );
  expect(named).toEqual(['ingest-narrowed', 'ingest']);
  expect(await db.knex('events').pluck('name')).toHaveLength(3);
});

test('what is saved of a decision is what ingest compares', async () => {
  await store(cartOf('ada', 60));
  const loaded = await loadUser(db.pool, definitions, 'ada');
  const advanced = loaded && (await advance(loaded.state, NOON, definitions));
  if (!loaded || advanced?.kind !== 'advanced') throw new Error('Expected a decision.');
  expect(await saveUser(db.pool, loaded, advanced, 1)).toBe(true);
  const user = await db.knex('users').where({ id: 'ada' }).first('awaiting', 'awaiting_exactly');
  expect(user).toEqual({ awaiting: ['Cart Updated'], awaiting_exactly: [emptied] });
  await store(cartOf('ada', 70));
  expect(await pending()).toEqual([]);
  await store(cartOf('ada', 0));
  expect(await pending()).toEqual([0]);
});
