import { z } from 'zod';
import { chats, event, journey } from '../../engine';
import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import { announcedInApp, IN_APP_CHANNEL, marksIn, markOf } from '../../store/in-app-announcements';
import { ingest } from '../../store/ingest';
import { saveUser } from '../../store/state-save';
import { testDatabase, type TestDatabase } from '../support/database';
import { decide, definitionsOf, type Decided } from '../support/decided-user';
import { until } from '../support/until';

const NOW = Date.parse('2026-01-05T12:00:00Z');
const declared = chats({ delivery: { roles: { customer: { label: 'Customer' }, courier: { label: 'Courier' } } } });
const { delivery } = declared.byName;
const taken = event('Taken', z.object({ courier: z.string(), order: z.string() }), { courier: 'bob', order: 'o-7' });
const delivered = event('Delivered', z.object({}), {});

let db: TestDatabase;
let definitions: Definitions;
beforeEach(async () => {
  db = await testDatabase();
  const talk = journey('talk', { enter: taken, reenter: 'always' }, async (j) => {
    const { courier, order: key } = j.event.properties;
    const others = [{ userId: courier, role: 'courier', name: 'The courier' }] as const;
    await j.openChat('open', delivery, { key, as: 'customer', name: 'The customer', with: others });
    await j.waitFor('delivered', delivered);
    await j.closeChat('close', delivery, { key });
  });
  definitions = { ...(await definitionsOf(talk)), chats: declared };
});
afterEach(() => db.drop());

/** Something happens to a user, and their journey is decided. */
async function decided(userId: string, name: string, properties: object, at = NOW): Promise<Decided> {
  const call = { userId, messageId: `${userId} ${name}`, type: 'track', name, at, active: true } as const;
  await ingest(db, staticDefinitions(definitions), {
    events: [{ ...call, properties: JSON.stringify(properties), traits: null, anonymousId: null }],
    aliases: [],
    receivedAt: at,
  });
  return decide(db, definitions, userId, at);
}

const isTaken = (userId: string, courier: string, order = 'o-7') => decided(userId, 'Taken', { courier, order });
const save = ({ loaded, advanced }: Decided) => saveUser(db.pool, loaded, advanced, 1);
const conversations = (): Promise<unknown[]> =>
  db.knex('conversations').select('chat', 'key', 'closed_at').orderBy('key');
const people = (): Promise<unknown[]> => db.knex('chat_participants').select('user_id', 'role', 'name').orderBy('n');

test('a conversation is opened with what was decided, also with somebody who is not known yet, and closed', async () => {
  expect(await save(await isTaken('ada', 'bob'))).toBe(true);
  expect(await conversations()).toEqual([{ chat: 'delivery', key: 'o-7', closed_at: null }]);
  expect(await people()).toEqual([
    { user_id: 'ada', role: 'customer', name: 'The customer' },
    { user_id: 'bob', role: 'courier', name: 'The courier' },
  ]);
  expect(await save(await decided('ada', 'Delivered', {}, NOW + 5_000))).toBe(true);
  expect(await conversations()).toEqual([{ chat: 'delivery', key: 'o-7', closed_at: NOW + 5_000 }]);
});

test('nothing is opened if the user has changed since they were loaded', async () => {
  const stale = await isTaken('ada', 'bob');
  await db.knex('users').where({ id: 'ada' }).increment('version', 1);
  expect(await save(stale)).toBe(false);
  expect([await conversations(), await people()]).toEqual([[], []]);
  expect(await db.knex('users').select('id')).toEqual([{ id: 'ada' }]);
});

test('people who open conversations with each other at the same time do not hold each other up', async () => {
  const pairs = await Promise.all(
    Array.from({ length: 8 }, async (_, n) => [
      await isTaken(`ada-${n}`, `bob-${n}`, `by ada-${n}`),
      await isTaken(`bob-${n}`, `ada-${n}`, `by bob-${n}`),
    ]),
  );
  expect(await Promise.all(pairs.flat().map(save))).toEqual(Array.from({ length: 16 }, () => true));
  expect(await conversations()).toHaveLength(16);
});

test('the open pages of both are told', async () => {
  const told = new Set<string>();
  const client = await db.pool.connect();
  client.on('notification', ({ payload = '' }) => marksIn(payload).forEach((mark) => told.add(mark)));
  await client.query(`LISTEN ${IN_APP_CHANNEL}`);
  await save(await isTaken('ada', 'bob'));
  await announcedInApp(db.pool);
  await until('both are announced', () => told.has(markOf('ada')) && told.has(markOf('bob')));
  client.release(true);
});
