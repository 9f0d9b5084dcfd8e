import { always } from '../../engine/definitions';
import { mergeUsers } from '../../store/aliases';
import { changeConsent } from '../../store/consent';
import { ingest } from '../../store/ingest';
import { addInternalEvent } from '../../store/pending';
import { define } from '../engine/random-life';
import { testDatabase, type TestDatabase } from '../support/database';
import { until } from '../support/until';

let db: TestDatabase;
beforeAll(async () => void (db = await testDatabase()));
afterAll(() => db.drop());

const areWaiting = async (count: number): Promise<boolean> => {
  const { rows } = await db.pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows.length === count;
};

test('what a user is told in the moment they become another one reaches the other', async () => {
  await db.knex('users').insert({ id: 'visitor', created_at: 0, last_seen_at: 0 });
  const definitions = always(await define([]));
  const merging = await db.knex.transaction();
  await mergeUsers(merging, { previousId: 'visitor', userId: 'ada', at: 1 });
  const told = Promise.all([
    changeConsent(db, definitions, { userId: 'visitor', answers: { email: false }, at: 2 }),
    addInternalEvent(db, { userId: 'visitor', messageId: 'm', name: 'sojourn:leave:trial', at: 2, properties: {} }),
  ]);
  await until('both to wait for the merge', () => areWaiting(2));
  await merging.commit();
  expect(await told).toMatchObject([{ consent: { email: false } }, { event: { userId: 'ada' } }]);
});

test('nothing of somebody is stored before the visitor they were has become part of them', async () => {
  await db.knex('users').insert({ id: 'anon:before', created_at: 0, last_seen_at: 0, memory: '{}' });
  const definitions = always(await define([]));
  const wakeUp = await db.knex.transaction();
  await wakeUp('users').where({ id: 'anon:before' }).forUpdate();
  const call = { type: 'track', name: 'Signed Up', at: 1, active: true, traits: null, properties: '{}' } as const;
  const events = [{ ...call, userId: 'grace', messageId: 'm', anonymousId: 'anon:before' }];
  const told = ingest(db, definitions, { events, aliases: [], receivedAt: 2 });
  await until('the merge to wait for the visitor', () => areWaiting(1));
  const before = await db.knex('events').where({ user_id: 'grace' });
  await wakeUp.commit();
  expect(before).toEqual([]);
  expect(await told).toMatchObject({ stored: 1 });
  expect(await db.knex('users').where({ id: 'grace' })).toMatchObject([{ memory: {} }]);
  expect((await db.knex('events').where({ user_id: 'grace' }).orderBy('id').pluck('name')) as string[]).toEqual([
    'sojourn:merged',
    'Signed Up',
  ]);
});
