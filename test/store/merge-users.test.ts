import fc from 'fast-check';
import type { Alias } from '../../store/aliases';
import { mergeUsers, MOST_PREVIOUS_IDS, type Mergeable, type MergeRefusal } from '../../store/merge-users';
import { testDatabase, type TestDatabase } from '../support/database';
import { insertWorld, worldIn, type Person, type World } from './merge-world';

const AT = 1_000;
/** More than `mergeUsers` puts in one transaction. */
const LONG = 600;

let db: TestDatabase;
beforeAll(async () => void (db = await testDatabase()));
afterAll(() => db.drop());
beforeEach(() => db.knex.raw('TRUNCATE users, events, aliases, erasures CASCADE'));

const chainOf = (length: number): Alias[] =>
  Array.from({ length }, (_, n) => ({ previousId: `link-${n}`, userId: `link-${n + 1}` }));
const row = (id: string, more: object = {}): object => ({ id, created_at: 0, last_seen_at: 1, ...more });

async function oneByOne(aliases: readonly Alias[], mergeable: Mergeable): Promise<[number, MergeRefusal][]> {
  const refused: [number, MergeRefusal][] = [];
  for (const [n, alias] of aliases.entries()) {
    const [cause] = (await mergeUsers(db.pool, [alias], mergeable, AT)).refused.values();
    if (cause) refused.push([n, cause]);
  }
  return refused;
}

const USERS = ['a', 'b', 'c', 'd'];
const VISITORS = ['anon:v', 'anon:w', 'anon:x'];
const messageIds = fc.uniqueArray(fc.constantFrom('1', '2', '3', '4'), { maxLength: 3 });
const consent = fc.dictionary(fc.constantFrom('email', 'webPush', 'inApp', 'push'), fc.boolean());
const person: fc.Arbitrary<Person> = fc.record({
  heard: fc.boolean(),
  lives: fc.boolean(),
  isAssigned: fc.boolean(),
  email: fc.constantFrom(undefined, null, 'a@example.com', 'b@example.com'),
  consent,
  messageIds,
  stages: messageIds,
  hasBrowser: fc.boolean(),
  hasDevice: fc.boolean(),
  conversations: fc.uniqueArray(fc.constantFrom('1', '2'), { maxLength: 2 }),
});
const worldOf = (ids: readonly string[]): fc.Arbitrary<World> =>
  fc.uniqueArray(fc.tuple(fc.constantFrom(...ids), person), { selector: ([id]) => id }).map((all) => new Map(all));
const pairsOf = (from: readonly string[], to: readonly string[]): fc.Arbitrary<Alias[]> =>
  fc.array(fc.record({ previousId: fc.constantFrom(...from), userId: fc.constantFrom(...to) }), {
    minLength: 1,
    maxLength: 8,
  });

test('users merged in one list are what the release before made of them, pair by pair', async () => {
  // That release knew no conversations and no devices.
  const then = worldOf(USERS).map(
    (world) => new Map([...world].map(([id, one]) => [id, { ...one, conversations: [], hasDevice: false }])),
  );
  const property = fc.asyncProperty(then, pairsOf(USERS, USERS), async (world, pairs) => {
    await insertWorld(db, world);
    await mergeUsers(db.pool, pairs, 'users', AT);
    const together = await worldIn(db, world);
    await insertWorld(db, world);
    for (const { previousId, userId } of pairs)
      await db.pool.query(`SELECT merge_users(ARRAY[$1], ARRAY[$2], $3, 0, 'sojourn:merged')`, [
        previousId,
        userId,
        AT,
      ]);
    expect(together).toEqual(await worldIn(db, world));
  });
  await fc.assert(property, { numRuns: 40 });
});

const nobody: Person = {
  heard: false,
  lives: false,
  isAssigned: false,
  email: undefined,
  consent: {},
  messageIds: [],
  stages: [],
  hasBrowser: false,
  hasDevice: false,
  conversations: [],
};
const REFUSING = {
  ...nobody,
  consent: { email: false, webPush: false, inApp: false, push: false },
  hasBrowser: true,
  hasDevice: true,
};
const into = (userId: string, ...previousIds: string[]): Alias[] =>
  previousIds.map((previousId) => ({ previousId, userId }));
/** Lists that once had another outcome than their pairs one by one. */
const LISTS: [World, Alias[], Alias[]][] = [
  [
    new Map([
      ['a', nobody],
      ['anon:v', REFUSING],
      ['anon:w', { ...nobody, heard: true }],
    ]),
    [],
    into('a', 'anon:v', 'anon:w'),
  ],
  [
    new Map([
      ['a', { ...nobody, heard: true, email: null }],
      ['anon:v', { ...nobody, email: 'a@example.com' }],
      ['anon:w', { ...REFUSING, email: 'b@example.com' }],
    ]),
    [],
    into('a', 'anon:v', 'anon:w'),
  ],
];

const FROM = { users: [...USERS, ...VISITORS, 'new'], visitors: [...VISITORS, ...USERS, 'y'] } as const;
test.each(['users', 'visitors'] as const)('%s merged in one list are what they are merged one by one', async (who) => {
  const to = [...USERS, ...VISITORS, ...(who === 'users' ? ['new', 'newer'] : [])];
  const everybody = worldOf([...USERS, ...VISITORS]).filter(
    (world) => who === 'users' || USERS.every((id) => world.has(id)),
  );
  const before = pairsOf(FROM[who], [...USERS, ...VISITORS]);
  const property = fc.asyncProperty(everybody, before, pairsOf(FROM[who], to), async (world, earlier, pairs) => {
    await insertWorld(db, world);
    await oneByOne(earlier, who);
    const refused = [...(await mergeUsers(db.pool, pairs, who, AT)).refused];
    const together = await worldIn(db, world);
    await insertWorld(db, world);
    await oneByOne(earlier, who);
    expect(refused).toEqual(await oneByOne(pairs, who));
    expect(together).toEqual(await worldIn(db, world));
  });
  await fc.assert(property, { numRuns: 40, examples: LISTS });
});

/** The number of rows that PostgreSQL has inserted, changed and deleted so far. */
async function rowsWritten(): Promise<number> {
  await db.pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await db.pool.query<{ written: number }>(
    'SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::int AS written FROM pg_stat_user_tables',
  );
  return rows[0]?.written ?? 0;
}

async function rowsWrittenFor(chain: readonly Alias[]): Promise<number> {
  const ids = [...new Set(chain.flatMap(({ previousId, userId }) => [previousId, userId]))];
  await db.knex('users').insert(ids.map((id) => row(id, { memory: '{}' })));
  const event = { type: 'track', name: 'Clicked', at: 1, received_at: 1, properties: '{}', pending: false };
  await db.knex('events').insert(ids.map((id) => ({ ...event, user_id: id, message_id: id })));
  const before = await rowsWritten();
  await mergeUsers(db.pool, chain, 'users', AT);
  const written = (await rowsWritten()) - before;
  await db.knex.raw('TRUNCATE users, events, aliases, erasures CASCADE');
  return written;
}

test.each([
  ['forwards', (length: number) => chainOf(length)],
  ['backwards', (length: number) => chainOf(length).reverse()],
])('a chain of ids writes each row once, however long it is: %s', async (_, chain) => {
  const [short, long] = [await rowsWrittenFor(chain(50)), await rowsWrittenFor(chain(200))];
  expect(long).toBeLessThanOrEqual(4 * short);
});

test('a list longer than a transaction holds is merged in portions, each after the one before', async () => {
  await mergeUsers(db.pool, chainOf(LONG), 'users', AT);
  const { rows } = await db.pool.query('SELECT user_id, count(*)::int FROM aliases GROUP BY user_id');
  expect(rows).toEqual([{ user_id: `link-${LONG}`, count: LONG }]);
});

test('a user has a bounded number of previous ids, and what would exceed it stays a user of its own', async () => {
  const ids = Array.from({ length: MOST_PREVIOUS_IDS }, (_, n) => `visitor-${n}`);
  const into = (previousId: string): Alias => ({ previousId, userId: 'ada' });
  expect((await mergeUsers(db.pool, ids.map(into), 'visitors', AT)).refused.size).toBe(0);
  const { refused } = await mergeUsers(db.pool, ['visitor-0', 'one more'].map(into), 'visitors', AT);
  expect([...refused]).toEqual([[1, 'too many ids']]);
  const whole = await mergeUsers(db.pool, [{ previousId: 'ada', userId: 'grace' }], 'users', AT);
  expect([...whole.refused.values()]).toEqual(['too many ids']);
  expect(await db.knex('users').pluck('id')).toEqual(['ada']);
});

test('an id that nobody was heard of under leaves no workflow to erase', async () => {
  await db.knex('users').insert(row('anon:heard'));
  const pairs = ['heard', 'never heard'].map((previousId) => ({ previousId, userId: 'ada' }));
  await mergeUsers(db.pool, pairs, 'visitors', AT);
  expect(await db.knex('erasures').pluck('user_id')).toEqual(['anon:heard']);
});

describe('what a visitor refused', () => {
  const NO = { email: false, webPush: false, inApp: false };
  const consentAfter = async (visitor: object, user: object | null): Promise<unknown> => {
    await db.knex('users').insert([row('anon:v', { consent: NO, ...visitor }), ...(user ? [row('ada', user)] : [])]);
    await db
      .knex('push_subscriptions')
      .insert([
        { user_id: 'anon:v', endpoint: 'https://push.example/visitor', keys: '{}', created_at: 1 },
        ...(user ? [{ user_id: 'ada', endpoint: 'https://push.example/ada', keys: '{}', created_at: 1 }] : []),
      ]);
    await mergeUsers(db.pool, [{ previousId: 'v', userId: 'ada' }], 'visitors', AT);
    return (await db.knex('users').where({ id: 'ada' }).first<{ consent: unknown }>('consent')).consent;
  };
  const MINE = { traits: { email: 'mine@example.com' } };
  const browsersOf = (id: string): Promise<string[]> =>
    db.knex('push_subscriptions').where({ user_id: id }).pluck('endpoint');

  test('holds for a user nobody has heard of before', async () => {
    expect(await consentAfter(MINE, null)).toEqual(NO);
  });

  test('holds for a user nobody has heard of, even if nobody has heard of the visitor either', async () => {
    expect(await consentAfter({ ...MINE, last_seen_at: 0 }, { last_seen_at: 0 })).toEqual(NO);
    expect(await browsersOf('ada')).toHaveLength(2);
  });

  test('does not hold for a user who has another address', async () => {
    const user = { traits: { email: 'ada@example.com' }, consent: { email: true } };
    expect(await consentAfter(MINE, user)).toEqual({ email: true });
  });

  test('holds for the same address, however it is written', async () => {
    const user = { traits: { email: ' Mine@Example.com' }, consent: { email: true, inApp: true } };
    expect(await consentAfter(MINE, user)).toEqual({ email: false, inApp: true });
  });

  test('holds for the address that the user gets from the visitor', async () => {
    expect(await consentAfter(MINE, {})).toEqual({ email: false });
  });

  test('holds on the visitor’s device, which gets none of the user’s messages', async () => {
    const device = { service: 'fcm', platform: 'android', last_seen_at: 1 };
    await db.knex('users').insert([row('anon:v', { consent: { push: false }, ...MINE }), row('ada', {})]);
    await db.knex('push_devices').insert([
      { ...device, user_id: 'anon:v', token: 'visitor' },
      { ...device, user_id: 'ada', token: 'ada' },
    ]);
    await mergeUsers(db.pool, [{ previousId: 'v', userId: 'ada' }], 'visitors', AT);
    expect(await db.knex('push_devices').pluck('token')).toEqual(['ada']);
  });

  test('holds in the visitor’s browser, which is not subscribed any more', async () => {
    await consentAfter(MINE, {});
    expect(await browsersOf('ada')).toEqual(['https://push.example/ada']);
  });
});
