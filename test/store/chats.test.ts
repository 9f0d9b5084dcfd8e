import { randomUUID } from 'node:crypto';
import { deleteOldConversations, DELETED_AT_ONCE } from '../../store/chat-retention';
import { MOST_MESSAGES, sayInChat, type Said } from '../../store/chat-messages';
import { findConversation, type SupportedConversation } from '../../store/chat-support';
import { retryOnConflict } from '../../store/conflict';
import { closeChat, openChat, type Changed } from '../../store/conversations';
import { openDatabase } from '../../store/database';
import { eraseUser } from '../../store/erasure';
import { readInAppStates } from '../../store/in-app-state';
import { mergeUsers } from '../../store/merge-users';
import { testDatabase, type TestDatabase } from '../support/database';

const KEEP = 1_000_000;
const roles = ['customer', 'courier'];

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

let count = 0;
const newKey = (): string => `order-${++count}`;

const open = (key: string, userIds: readonly string[], at = 1): Promise<Changed<string>> =>
  retryOnConflict(() =>
    openChat(database.pool, {
      ...{ chat: 'delivery', key, at, keepMs: KEEP },
      participants: userIds.map((userId, n) => ({ userId, role: roles[n] ?? `role ${n}`, name: `${userId}'s name` })),
    }),
  );
const close = (key: string, at: number): Promise<Changed<string>> =>
  closeChat(database.pool, { chat: 'delivery', key, at, keepMs: KEEP });
const say = (key: string, userId: string, text: string, at = 2): Promise<Said> =>
  sayInChat(database.pool, {
    ...{ chat: 'delivery', key, userId, id: randomUUID(), phrase: null, text, roles, at, keepMs: KEEP },
  });
const find = (key: string, now = 2): Promise<SupportedConversation | null> =>
  findConversation(database.pool, { chat: 'delivery', key }, now);
const idsIn = async (key: string): Promise<string[] | undefined> =>
  (await find(key))?.participants.filter(({ leftAt }) => leftAt === null).map(({ userId }) => userId);
const keysShown = async (userId: string, now = 2): Promise<string[]> => {
  const states = await readInAppStates(database.pool, [userId], now);
  return (states.get(userId)?.chats ?? []).map(({ key }) => key);
};
const rowsOf = async (table: string): Promise<unknown[]> => database.knex(table).select();

test('opening and closing again changes nothing, and neither does an opening that comes late', async () => {
  const key = newKey();
  expect(await open(key, ['a1', 'b1'])).toEqual({
    outcome: 'opened',
    users: expect.arrayContaining(['a1', 'b1']) as string[],
  });
  const before = await find(key);
  expect((await open(key, ['a1', 'b1'])).outcome).toBe('opened');
  expect(await find(key)).toEqual(before);
  expect(await close(key, 5)).toEqual({ outcome: 'closed', users: expect.arrayContaining(['a1', 'b1']) as string[] });
  expect(await close(key, 6)).toEqual({ outcome: 'closed', users: [] });
  expect(await open(key, ['a1', 'b1'], 4)).toEqual({ outcome: 'superseded', users: [] });
  expect(await find(key)).toMatchObject({ closedAt: 5 });
  expect((await open(key, ['a1', 'b1'], 7)).outcome).toBe('opened');
  expect(await close(key, 6)).toEqual({ outcome: 'superseded', users: [] });
  expect(await find(key)).toMatchObject({ closedAt: null });
  expect(await close('no such key', 6)).toEqual({ outcome: 'no conversation', users: [] });
});

test('a conversation is opened with the transaction that opens it, or not at all', async () => {
  const key = newKey();
  const client = await database.pool.connect();
  await client.query('BEGIN');
  const participants = ['a2', 'b2'].map((userId, n) => ({ userId, role: roles[n] ?? '', name: userId }));
  await openChat(client, { chat: 'delivery', key, at: 1, keepMs: KEEP, participants });
  await client.query('ROLLBACK');
  client.release();
  expect(await find(key)).toBeNull();
});

test('an id that nobody has been heard of under becomes known, and one that was merged stands for the user', async () => {
  const key = newKey();
  await open(key, ['a3', 'b3']);
  await mergeUsers(database.patient, [{ previousId: 'a3', userId: 'c3' }], 'users', 2);
  const other = newKey();
  await open(other, ['a3', 'd3']);
  expect([await idsIn(key), await idsIn(other)]).toEqual([
    ['c3', 'b3'],
    ['c3', 'd3'],
  ]);
  expect((await open(newKey(), ['a3', 'c3'])).outcome).toBe('same user');
  expect((await keysShown('c3')).sort()).toEqual([key, other].sort());
});

test('of users of one conversation who become one, the own place stays, and everything that was said', async () => {
  const key = newKey();
  await open(key, ['a4', 'b4']);
  await say(key, 'a4', 'from a');
  await say(key, 'b4', 'from b');
  await mergeUsers(database.patient, [{ previousId: 'a4', userId: 'b4' }], 'users', 3);
  expect(await idsIn(key)).toEqual(['b4']);
  expect((await find(key))?.messages).toMatchObject([
    { userId: 'b4', role: 'customer', text: 'from a' },
    { userId: 'b4', role: 'courier', text: 'from b' },
  ]);
  expect((await say(key, 'b4', 'more')).outcome).toBe('said');
});

test('an erasure of either person deletes the conversation, with all that was said and reported', async () => {
  const [one, other] = [newKey(), newKey()];
  for (const [key, ids] of [
    [one, ['a5', 'b5']],
    [other, ['c5', 'd5']],
  ] as const) {
    await open(key, ids);
    await say(key, ids[0], 'personal of both');
  }
  await eraseUser(database, 'a5');
  await eraseUser(database, 'd5');
  expect([await find(one), await find(other), await keysShown('b5'), await keysShown('c5')]).toEqual([
    null,
    null,
    [],
    [],
  ]);
  expect(JSON.stringify(await rowsOf('chat_messages'))).not.toContain('personal of both');
});

test('an erasure of somebody who has left takes what they said, and leaves the others theirs', async () => {
  const key = newKey();
  await open(key, ['a6', 'the one who left']);
  await say(key, 'the one who left', 'of the one who left');
  await open(key, ['a6', 'c6'], 3);
  await say(key, 'a6', 'of the one who stayed');
  await eraseUser(database, 'the one who left');
  expect((await find(key))?.messages).toMatchObject([{ userId: 'a6', text: 'of the one who stayed' }]);
  expect(JSON.stringify([...(await rowsOf('chat_messages')), ...(await rowsOf('chat_participants'))])).not.toContain(
    'the one who left',
  );
});

test('a release that knows nothing of conversations erases them too', async () => {
  const key = newKey();
  await open(key, ['a7', 'b7']);
  await say(key, 'b7', 'hello');
  await database.pool.query('DELETE FROM users WHERE id = $1', ['a7']);
  expect(await find(key)).toBeNull();
});

test('while people write, open and are merged, erasures leave nothing of the erased', async () => {
  const other = openDatabase(database.url, 'another process');
  const keys = Array.from({ length: 12 }, newKey);
  const [gone, stays] = [(key: string) => `gone ${key}`, (key: string) => `stays ${key}`];
  for (const key of keys) await open(key, [gone(key), stays(key)]);
  await Promise.all(
    keys.flatMap((key, n) => [
      ...Array.from({ length: 5 }, (_, m) => say(key, m % 2 === 0 ? gone(key) : stays(key), `text of ${key}`)),
      eraseUser(n % 2 === 0 ? database : other, gone(key)),
      open(key, [`next ${key}`, stays(key)], 2),
      mergeUsers(other.patient, [{ previousId: stays(key), userId: `root ${key}` }], 'users', 3),
    ]),
  );
  await other.close();
  for (const key of keys) await eraseUser(database, gone(key));
  for (const key of keys) {
    const left = await find(key);
    expect(left?.participants.map(({ userId }) => userId) ?? []).not.toContain(gone(key));
    for (const { userId } of left?.messages ?? []) expect(userId).toBe(`root ${key}`);
  }
  const { rows } = await database.pool.query(
    `SELECT FROM chat_participants p LEFT JOIN conversations c ON c.id = p.conversation LEFT JOIN users u ON u.id = p.user_id
     WHERE c.id IS NULL OR u.id IS NULL`,
  );
  expect(rows).toEqual([]);
});

test('conversations are deleted once their time is over, few at a time, and nobody sees them before that', async () => {
  await database.knex('conversations').delete();
  const keys = Array.from({ length: DELETED_AT_ONCE + 5 }, newKey);
  for (const key of keys) await open(key, ['a8', `b8 ${key}`]);
  const kept = newKey();
  await open(kept, ['a8', 'b8']);
  await say(kept, 'a8', 'later', 10);
  const over = 1 + KEEP;
  expect(await keysShown('a8', over - 1)).toHaveLength(20);
  expect([await keysShown('a8', over), await find(keys[0] ?? '', over)]).toEqual([[kept], null]);
  expect((await say(keys[0] ?? '', 'a8', 'too late', over)).outcome).toBe('no conversation');
  expect(await deleteOldConversations(database.pool, over)).toBe(true);
  expect(await rowsOf('conversations')).toHaveLength(6);
  expect(await deleteOldConversations(database.pool, over)).toBe(false);
  expect(await rowsOf('conversations')).toMatchObject([{ key: kept }]);
});

test('a conversation that is opened after its time begins anew', async () => {
  const key = newKey();
  await open(key, ['a9', 'b9']);
  await say(key, 'a9', 'of the first time');
  await open(key, ['a9', 'b9'], 2 + KEEP);
  expect((await find(key, 2 + KEEP))?.messages).toEqual([]);
});

test('a closed conversation is shown for a day, and the state says until when', async () => {
  const key = newKey();
  await open(key, ['a10', 'b10']);
  await database.knex('conversations').where({ key }).update({ delete_at: 1e12 });
  await close(key, 100);
  await database.knex('conversations').where({ key }).update({ delete_at: 1e12 });
  const day = 86_400_000;
  const state = (await readInAppStates(database.pool, ['a10'], 100)).get('a10');
  expect(state).toMatchObject({ chats: [{ key, closedAt: 100 }], changesAt: 100 + day });
  expect([await keysShown('a10', 99 + day), await keysShown('a10', 100 + day)]).toEqual([[key], []]);
});

test('after a minute a participant may go on, and others are never held up', async () => {
  const key = newKey();
  await open(key, ['a11', 'b11']);
  for (let n = 0; n < MOST_MESSAGES; n++) expect((await say(key, 'a11', `${n}`, 1_000 + n)).outcome).toBe('said');
  expect(await say(key, 'a11', 'one too many', 2_000)).toEqual(
    expect.objectContaining({ outcome: 'too many', againAt: 61_000 }),
  );
  expect((await say(key, 'b11', 'of another', 2_000)).outcome).toBe('said');
  expect((await say(key, 'a11', 'on again', 61_000)).outcome).toBe('said');
  expect((await say(key, 'a11', 'not yet', 61_000)).outcome).toBe('too many');
});
