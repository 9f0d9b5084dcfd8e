import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import { z } from 'zod';
import { event, journey } from '../../engine';
import { eraseUser } from '../../store/erasure';
import { ingest } from '../../store/ingest';
import { saveUser } from '../../store/state-save';
import { receiveTracked, undelivered } from '../../store/tracked-events';
import { testDatabase, type TestDatabase } from '../support/database';
import { decide, definitionsOf, type Decided } from '../support/decided-user';

const NOW = Date.parse('2026-01-05T12:00:00Z');
const joined = event('Joined', z.object({ invitedBy: z.string() }), { invitedBy: 'ada' });
const accepted = event('Invite Accepted', z.object({}), {});

let db: TestDatabase;
let definitions: Definitions;
beforeEach(async () => {
  db = await testDatabase();
  definitions = await definitionsOf(
    journey('invited', { enter: joined }, (j) =>
      j.track('tell', { userId: j.event.properties.invitedBy }, accepted, {}),
    ),
    journey('inviter', { enter: accepted }, (j) => j.award('credit', { points: 1 })),
  );
});
afterEach(() => db.drop());

/** Bob joins, and his journey is decided. */
async function decided(invitedBy = 'ada'): Promise<Decided> {
  const call = { userId: 'bob', messageId: 'joined', type: 'track', name: 'Joined', at: NOW, active: true } as const;
  const properties = JSON.stringify({ invitedBy });
  await ingest(db, staticDefinitions(definitions), {
    events: [{ ...call, properties, traits: null, anonymousId: null }],
    aliases: [],
    receivedAt: NOW,
  });
  return decide(db, definitions, 'bob', NOW);
}

const underWay = () => undelivered(db.pool, 0);
const receive = async () => receiveTracked(db.pool, staticDefinitions(definitions), await underWay(), NOW + 5);
const events = (): Promise<unknown[]> =>
  db.knex('events').where({ name: 'Invite Accepted' }).select('user_id', 'at', 'received_at', 'active', 'pending');

test('a tracked event is saved with what was decided, and then received as an event of the other user', async () => {
  const { loaded, advanced } = await decided();
  expect(await saveUser(db.pool, loaded, advanced, 1)).toBe(true);
  expect(await underWay()).toMatchObject([{ userId: 'ada', name: 'Invite Accepted', at: NOW }]);
  expect(await receive()).toMatchObject([{ userId: 'ada', workflow: 'queued' }]);
  expect(await events()).toEqual([{ user_id: 'ada', at: NOW, received_at: NOW + 5, active: false, pending: true }]);
  expect(await underWay()).toEqual([]);
});

test('an event that is received again is stored once', async () => {
  const { loaded, advanced } = await decided();
  await saveUser(db.pool, loaded, advanced, 1);
  const again = await underWay();
  await receive();
  expect(await receiveTracked(db.pool, staticDefinitions(definitions), again, NOW + 9)).toEqual([]);
  expect(await events()).toHaveLength(1);
});

test('nothing is under way if the user has changed since they were loaded', async () => {
  const { loaded, advanced } = await decided();
  await db.knex('users').increment('version', 1);
  expect(await saveUser(db.pool, loaded, advanced, 1)).toBe(false);
  expect(await underWay()).toEqual([]);
});

test.each(['ada', 'bob'])('with %s, what is under way from or to them is erased', async (id) => {
  const { loaded, advanced } = await decided();
  await saveUser(db.pool, loaded, advanced, 1);
  await db.knex('users').insert({ id: 'ada', created_at: 0, last_seen_at: 0 });
  expect(await eraseUser(db, id)).toBe(true);
  expect(await underWay()).toEqual([]);
});

test('an event to an id that was merged into another reaches the person', async () => {
  const { loaded, advanced } = await decided('old-ada');
  await saveUser(db.pool, loaded, advanced, 1);
  await db.knex('users').insert({ id: 'ada', created_at: 0, last_seen_at: 0 });
  await db.knex('aliases').insert({ previous_id: 'old-ada', user_id: 'ada' });
  await receive();
  expect(await events()).toMatchObject([{ user_id: 'ada' }]);
});
