import { staticDefinitions } from '../../engine/definitions/definitions';
import { mergeUsers } from '../../store/merge-users';
import { recordCall } from '../../store/calls';
import { changeConsent } from '../../store/consent';
import { eraseUser } from '../../store/erasure';
import { ingest } from '../../store/ingest';
import { addInternalEvent } from '../../store/pending';
import { createSubscriptions } from '../../store/push-subscriptions';
import { define } from '../../engine/testing/properties/random-life';
import { testDatabase, type TestDatabase } from '../support/database';
import { fullReads } from '../support/full-reads';
import { areWaiting, holdUser } from '../support/locks';
import { until } from '../support/until';

const VISITOR_IS_ADA = [{ previousId: 'visitor', userId: 'ada' }];
/** PostgreSQL may keep one plan for all parameters once it has planned a statement five times. */
const ENOUGH_FOR_ONE_PLAN = 12;
const DEADLOCK_DETECTED = '40P01';
const RUN = 'd520036d-3ce2-5491-8207-ef03816b1ea3';
const CALL = { type: 'track', name: 'Clicked', at: 1, active: true, traits: null, properties: '{}' } as const;
const user = (id: string): object => ({ id, created_at: 0, last_seen_at: 0 });

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
  await db.knex('users').insert({ ...user('visitor'), memory: '{}' });
});
afterEach(() => db.drop());

/** Starts these acts while the visitor is merged into ada, and returns their results. */
async function whileMerging<Results extends readonly unknown[]>(
  ...acts: { [Index in keyof Results]: () => Promise<Results[Index]> }
): Promise<Results> {
  const merging = await db.pool.connect();
  try {
    await merging.query('BEGIN');
    await mergeUsers(merging, VISITOR_IS_ADA, 'users', 1);
    const done = Promise.all(acts.map((act) => act()));
    await until('all to wait for the merge', () => areWaiting(db.pool, acts.length));
    await merging.query('COMMIT');
    return (await done) as unknown as Results;
  } finally {
    // This also ends the transaction if it is still open.
    merging.release(true);
  }
}

test('consent, commands and answers of calls that arrive during a merge reach the merged user', async () => {
  const definitions = staticDefinitions(await define([]));
  const call = { userId: 'visitor', runId: RUN, step: 'open an account', result: 7, now: 2 };
  const leave = { userId: 'visitor', messageId: 'm', name: 'sojourn:leave:trial', at: 2, properties: {} };
  const told = await whileMerging<[unknown, unknown, unknown]>(
    () => changeConsent(db, definitions, { userId: 'visitor', answers: { email: false }, at: 2, alsoAsAlias: true }),
    () => addInternalEvent(db, leave),
    () => recordCall(db.pool, call),
  );
  expect(told).toMatchObject([{ consent: { email: false } }, { event: { userId: 'ada' } }, undefined]);
  expect(
    await db.knex('events').where({ user_id: 'ada', message_id: `sojourn:called/${RUN}/open an account` }),
  ).toHaveLength(1);
});

test('requests of a browser for an id are refused while that id is merged into another', async () => {
  const subscriptions = createSubscriptions(db);
  const browser = { endpoint: 'https://push.example/1', keys: { p256dh: 'p', auth: 'a' } };
  const definitions = staticDefinitions(await define([]));
  const done = await whileMerging<[boolean, unknown]>(
    () => subscriptions.add('visitor', browser, 'the public key', 2),
    () => changeConsent(db, definitions, { userId: 'visitor', answers: { email: false }, at: 2, alsoAsAlias: false }),
  );
  expect(done).toEqual([false, null]);
  expect(await subscriptions.list('ada')).toEqual([]);
  expect(await db.knex('users').where({ id: 'ada' }).first('consent')).toEqual({ consent: {} });
});

test('an erasure during a merge removes the user under both ids', async () => {
  expect(await whileMerging<[boolean]>(() => eraseUser(db, 'visitor'))).toEqual([true]);
  expect(await db.knex('users').pluck('id')).toEqual([]);
});

test('when ids merge, an opt-out on either wins', async () => {
  const consent = (id: string, answers: object): Promise<unknown> =>
    db
      .knex('users')
      .insert({ id, created_at: 0, last_seen_at: 0, consent: answers })
      .onConflict('id')
      .merge(['consent']);
  await consent('visitor', { email: false, webPush: true });
  await consent('ada', { email: true, inApp: false });
  await mergeUsers(db.pool, VISITOR_IS_ADA, 'users', 1);
  expect(await db.knex('users').where({ id: 'ada' }).first('consent')).toEqual({
    consent: { email: false, webPush: true, inApp: false },
  });
});

test('a merge wakes a user with an active run, because an event of the visitor may be what they wait for', async () => {
  const ids = ['a', 'inside', 'b', 'outside'];
  await db.knex('users').insert(ids.map((id) => ({ ...user(id), memory: '{}' })));
  const run = { id: RUN, user_id: 'inside', journey: 'trial', status: 'active', entered_at: 0, body: '{}' };
  await db.knex('runs').insert(run);
  const aliases = [
    { previousId: 'a', userId: 'inside' },
    { previousId: 'b', userId: 'outside' },
  ];
  expect(await mergeUsers(db.pool, aliases, 'users', 1)).toMatchObject({
    pending: [{ userId: 'inside', name: 'sojourn:merged' }],
  });
});

test('no event of a user is stored before their visitor has been merged into them', async () => {
  const definitions = staticDefinitions(await define([]));
  await db.knex('users').insert({ ...user('anon:v'), memory: '{}' });
  const letGo = await holdUser(db.knex, 'anon:v');
  const events = [{ ...CALL, name: 'Signed Up', userId: 'grace', messageId: 'm', anonymousId: 'anon:v' }];
  const told = ingest(db, definitions, { events, aliases: [], receivedAt: 2 });
  await until('the merge to wait for the visitor', () => areWaiting(db.pool, 1));
  const before = await db.knex('events').where({ user_id: 'grace' });
  await letGo();
  expect(before).toEqual([]);
  expect(await told).toMatchObject({ stored: 1 });
  expect(await db.knex('users').where({ id: 'grace' })).toMatchObject([{ memory: {} }]);
  expect((await db.knex('events').where({ user_id: 'grace' }).orderBy('id').pluck('name')) as string[]).toEqual([
    'sojourn:merged',
    'Signed Up',
  ]);
});

test('chains and circles of aliases in one request lead to one user, in the order they were sent', async () => {
  await db.knex('users').insert(['a', 'b', 'c'].map(user));
  const chain = ['a b', 'b c', 'c a', 'c c', 'a d', 'new a'].map((pair) => {
    const [previousId = '', userId = ''] = pair.split(' ');
    return { previousId, userId };
  });
  await mergeUsers(db.pool, chain, 'users', 1);
  expect(await db.knex('aliases').orderBy('previous_id').select()).toEqual([
    { previous_id: 'a', user_id: 'c' },
    { previous_id: 'b', user_id: 'c' },
    { previous_id: 'new', user_id: 'c' },
  ]);
  // `a` was already an alias of another user, so there is nothing to make a user `d` of.
  expect(await db.knex('users').orderBy('id').pluck('id')).toEqual(['c', 'visitor']);
});

test('a merge locks users in the same order as an ingest, so that the two can’t deadlock', async () => {
  const definitions = staticDefinitions(await define([]));
  const ids = [1, 2, 3].map((n) => `previous-${n}`);
  await db.knex('users').insert(ids.map(user));
  const asked = jest.spyOn(db.pool, 'query');
  // Each is halfway through its list when it reaches the locked row.
  const letGo = await holdUser(db.knex, 'previous-2');
  const merging = mergeUsers(
    db.pool,
    ids.map((previousId) => ({ previousId, userId: 'ada' })),
    'users',
    1,
  );
  const events = ids.map((userId) => ({ ...CALL, userId, messageId: userId, anonymousId: null }));
  const writing = ingest(db, definitions, { events, aliases: [], receivedAt: 2 });
  await until('both to wait', () => areWaiting(db.pool, 2));
  await letGo();
  await Promise.all([merging, writing]);
  const settled = await Promise.allSettled(asked.mock.results.map(({ value }) => value as unknown));
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []));
  // Either may find that an id has become an alias while it waited, and try again.
  expect(failures).not.toContain(DEADLOCK_DETECTED);
  expect(await db.knex('events').where({ user_id: 'ada', name: 'Clicked' })).toHaveLength(3);
});

test('a merge that waits for the erasure of its user goes into a new user with the given id', async () => {
  await mergeUsers(db.pool, [{ previousId: 'a', userId: 'b' }], 'users', 1);
  await db.knex('users').insert(user('x'));
  const letGo = await holdUser(db.knex, 'b');
  const erasing = eraseUser(db, 'b');
  await until('the erasure to wait', () => areWaiting(db.pool, 1));
  // `a` is an alias of `b` until `b` is erased.
  const merging = mergeUsers(db.pool, [{ previousId: 'x', userId: 'a' }], 'users', 2);
  await until('the merge to wait', () => areWaiting(db.pool, 2));
  await letGo();
  expect([await erasing, (await merging).pending]).toEqual([true, []]);
  expect(await db.knex('users').orderBy('id').pluck('id')).toEqual(['a', 'visitor']);
  expect(await db.knex('aliases').select()).toEqual([{ previous_id: 'x', user_id: 'a' }]);
});

test('an id that stops being an alias while a merge waits, and is a user again, is merged completely', async () => {
  await mergeUsers(db.pool, [{ previousId: 'a', userId: 'b' }], 'users', 1);
  await db.knex('users').insert(['p', 'x'].map(user));
  const letGo = await holdUser(db.knex, 'p');
  const pairs = [
    { previousId: 'p', userId: 'q' },
    { previousId: 'a', userId: 'x' },
  ];
  const merging = mergeUsers(db.pool, pairs, 'users', 2);
  await until('the merge to wait', () => areWaiting(db.pool, 1));
  await eraseUser(db, 'b');
  const coming = await db.knex.transaction();
  await coming('users').insert(user('a'));
  await letGo();
  await until('the merge to wait for who comes', () => areWaiting(db.pool, 1));
  await coming.commit();
  await merging;
  expect(await db.knex('users').orderBy('id').pluck('id')).toEqual(['q', 'visitor', 'x']);
  expect(await db.knex('aliases').orderBy('previous_id').select()).toEqual([
    { previous_id: 'a', user_id: 'x' },
    { previous_id: 'p', user_id: 'q' },
  ]);
});

test('a merge scans no table in full, even with a plan made while the tables were small', async () => {
  const pair = (n: number): { previousId: string; userId: string }[] => [
    { previousId: `old-${n}`, userId: `new-${n}` },
  ];
  const known = Array.from({ length: ENOUGH_FOR_ONE_PLAN }, (_, n) => user(`old-${n}`));
  await db.knex('users').insert(known);
  const before = await fullReads(db.pool);
  for (let n = 0; n < ENOUGH_FOR_ONE_PLAN; n++) await mergeUsers(db.pool, pair(n), 'users', 1);
  expect(await fullReads(db.pool)).toEqual(before);
});
