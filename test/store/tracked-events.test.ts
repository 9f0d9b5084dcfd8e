import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { event, journey } from '../../engine';
import { eraseUser } from '../../store/erasure';
import { ingest } from '../../store/ingest';
import { saveUser } from '../../store/state-save';
import { mergeUsers } from '../../store/merge-users';
import { sayInChat } from '../../store/chat-messages';
import { openChat } from '../../store/conversations';
import { receiveTracked, undelivered } from '../../store/tracked-events';
import { testDatabase, type TestDatabase } from '../support/database';
import { areWaiting } from '../support/locks';
import { until } from '../support/until';
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

/** Cat says something to a visitor in the moment before another transaction on the visitor is over. */
async function receivedDuring(act: () => Promise<unknown>): Promise<void> {
  const chat = { chat: 'help', key: 'room', at: NOW, keepMs: 1_000 };
  const participants = ['anon:v', 'cat'].map((userId) => ({ userId, role: userId, name: userId }));
  await openChat(db.pool, { ...chat, participants });
  // Both merges and erasures end with this row, so whoever holds it holds up the end.
  const holder = await db.knex.transaction();
  await holder('aliases').insert({ previous_id: 'anon:v', user_id: 'cat' });
  await holder('erasures').insert({ user_id: 'anon:v' });
  await sayInChat(db.pool, { ...chat, userId: 'cat', id: randomUUID(), phrase: null, text: 'Hello', roles: ['cat'] });
  const events = await underWay();
  const acted = act();
  await until('the other transaction waits', () => areWaiting(db.pool, 1));
  const received = receiveTracked(db.pool, staticDefinitions(definitions), events, NOW + 5);
  await until('the event waits for the visitor', () => areWaiting(db.pool, 2));
  await holder.rollback();
  await acted;
  await received;
  expect(await underWay()).toEqual([]);
}

const chatEvents = (): Promise<unknown[]> =>
  db.knex('events').whereLike('name', 'Chat %').orderBy('user_id').select('user_id', 'name');

test('what is said to a visitor while they are merged reaches the user', async () => {
  await receivedDuring(() => mergeUsers(db.patient, [{ previousId: 'v', userId: 'root' }], 'visitors', NOW));
  expect(await chatEvents()).toEqual([
    { user_id: 'cat', name: 'Chat Message Sent' },
    { user_id: 'root', name: 'Chat Message Received' },
  ]);
});

test('what is said to somebody while they are erased does not make them known again', async () => {
  await receivedDuring(() => eraseUser(db, 'anon:v'));
  expect(await chatEvents()).toEqual([{ user_id: 'cat', name: 'Chat Message Sent' }]);
  expect(await db.knex('users').where({ id: 'anon:v' })).toEqual([]);
});
