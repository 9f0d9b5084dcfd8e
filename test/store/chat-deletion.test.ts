import { deleteOldConversations } from '../../store/chat-retention';
import { openChat } from '../../store/conversations';
import { testDatabase } from '../support/database';
import { readsOf } from '../support/full-reads';

test('deleting a conversation reads each message once, however many people take part', async () => {
  const database = await testDatabase();
  const { pool } = database;
  const [people, messages] = [20, 2_000];
  const ids = Array.from({ length: people }, (_, n) => `user ${n}`);
  const participants = ids.map((userId) => ({ userId, role: userId, name: userId }));
  await openChat(pool, { chat: 'help', key: 'room', participants, at: 1, keepMs: 1 });
  await pool.query(
    `INSERT INTO chat_messages (conversation, n, id, participant, text, at)
     SELECT c.id, n, gen_random_uuid(), 1 + n % $1, 'Hello', 1 FROM conversations c, generate_series(1, $2::int) n`,
    [people, messages],
  );
  const before = await readsOf(pool, 'chat_messages');
  await deleteOldConversations(pool, 10);
  expect((await readsOf(pool, 'chat_messages')) - before).toBeLessThan(2 * messages);
  expect(await database.knex('chat_messages')).toEqual([]);
  await database.drop();
});
