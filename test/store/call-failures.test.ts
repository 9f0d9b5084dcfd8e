import { recordCallFailure, type FailedAttempt } from '../../store/call-failures';
import { mergeUsers } from '../../store/merge-users';
import { timeline } from '../../store/timeline';
import { findUser } from '../../store/users';
import { testDatabase, type TestDatabase } from '../support/database';

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
  const run = { user_id: 'ada', journey: 'coupons', status: 'active', position: 'coupon', entered_at: 1 };
  await db.knex('users').insert({ id: 'ada', created_at: 0, last_seen_at: 0, memory: '{}' });
  await db.knex('runs').insert({ id: RUN, ...run, body: { trigger: { name: 'Signed Up' }, journal: [] } });
});
afterEach(() => db.drop());

const RUN = 'd520036d-3ce2-5491-8207-ef03816b1ea3';
const FAILED: FailedAttempt = {
  runId: RUN,
  step: 'coupon',
  since: 5,
  code: 'ETIMEDOUT',
  at: 1_000,
  most: 3,
  until: null,
  firstPause: 100,
  longestPause: 150,
};

const news = async (): Promise<object[]> =>
  db.knex('events').where({ type: 'internal' }).select<object[]>('user_id', 'properties', 'pending');

test('each failure counts and doubles the pause, up to the longest; the last one is news for the user, once', async () => {
  expect(await recordCallFailure(db.pool, FAILED)).toEqual({ attempts: 1, nextAt: 1_100, ends: false });
  expect(await recordCallFailure(db.pool, FAILED)).toEqual({ attempts: 2, nextAt: 1_150, ends: false });
  expect(await news()).toEqual([]);
  expect(await recordCallFailure(db.pool, FAILED)).toEqual({ attempts: 3, nextAt: null, ends: true });
  expect(await recordCallFailure(db.pool, FAILED)).toEqual({ attempts: 4, nextAt: null, ends: true });
  const failed = { attempts: 3, code: 'ETIMEDOUT', since: 5 };
  const properties = { run: RUN, step: 'coupon', result: null, failed };
  expect(await news()).toEqual([{ user_id: 'ada', properties, pending: true }]);
});

test('a call that was asked for anew begins at one, and has no next attempt when its time is over', async () => {
  await recordCallFailure(db.pool, FAILED);
  expect(await recordCallFailure(db.pool, { ...FAILED, since: 900, until: 1_100 })).toEqual({
    attempts: 1,
    nextAt: null,
    ends: false,
  });
});

test('without limits it is tried for ever', async () => {
  const forever = { ...FAILED, most: null };
  for (let attempt = 1; attempt < 60; attempt++) await recordCallFailure(db.pool, forever);
  expect(await recordCallFailure(db.pool, forever)).toEqual({ attempts: 60, nextAt: 1_150, ends: false });
});

test('the last failure is on the timeline and beside the run, also after a merge, and goes with the user', async () => {
  await recordCallFailure(db.pool, FAILED);
  await recordCallFailure(db.pool, FAILED);
  await mergeUsers(db.pool, [{ previousId: 'ada', userId: 'grace' }], 'users', 2_000);
  const [entry] = (await timeline(db, 'grace', { after: null, newestFirst: false, limit: 50 })).filter(
    ({ kind }) => kind === 'failure',
  );
  expect(entry).toMatchObject({
    at: 1_000,
    what: 'coupon',
    reason: 'attempt 2 failed: ETIMEDOUT',
    details: { run: RUN, journey: 'coupons', attempts: 2, code: 'ETIMEDOUT', nextAt: 1_150 },
  });
  expect((await findUser(db, 'grace'))?.runs).toMatchObject([
    { failedCall: { attempts: 2, code: 'ETIMEDOUT', failedAt: 1_000, nextAt: 1_150 } },
  ]);
  await db.knex('users').where({ id: 'grace' }).delete();
  expect(await db.knex('call_failures').select()).toEqual([]);
});

test('a failure of a run that no longer exists is dropped', async () => {
  await db.knex('runs').delete();
  expect(await recordCallFailure(db.pool, FAILED)).toBeNull();
});
