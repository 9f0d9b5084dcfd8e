import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { RECEIPT_KINDS } from '../../engine/model/message-receipt';
import { staticDefinitions, type DefinitionsProvider } from '../../engine/definitions/definitions';
import { eraseUser } from '../../store/erasure';
import { mergeUsers } from '../../store/merge-users';
import { openDatabase } from '../../store/database';
import { recordReceipts, type Receipt } from '../../store/receipts';
import { testDefinitions } from '../api/server';
import { testDatabase, type TestDatabase } from '../support/database';

const NOW = 1_000_000;

let here: TestDatabase;
let there: ReturnType<typeof openDatabase>;
let definitions: DefinitionsProvider;
beforeAll(async () => {
  here = await testDatabase();
  there = openDatabase(here.url);
  definitions = staticDefinitions(await testDefinitions());
});
afterAll(async () => {
  await there.close();
  await here.drop();
});

async function userWithMessages(count: number): Promise<{ readonly userId: string; readonly ids: string[] }> {
  const userId = `anon:${randomUUID()}`;
  await here.pool.query(`INSERT INTO users (id, created_at, last_seen_at, traits) VALUES ($1, 1, 1, $2)`, [
    userId,
    JSON.stringify({ email: `${userId.slice(5)}@example.com` }),
  ]);
  const ids = Array.from({ length: count }, () => randomUUID());
  for (const id of ids)
    await here.pool.query(
      `INSERT INTO messages (id, user_id, journey, step, channel, template, status, transactional, data, decided_at, expires_at)
       VALUES ($1, $2, 'onboarding', 'welcome', 'email', 'welcome', 'sending', false, '{}', 10, 9999999999999)`,
      [id, userId],
    );
  return { userId, ids };
}

interface Outcome {
  readonly events: unknown[];
  readonly messages: unknown[];
  readonly causes: string[];
}

/** Everything that is stored, apart from ids that differ each time. */
async function outcomeOf(userId: string, ids: readonly string[]): Promise<Outcome> {
  const { rows: events } = await here.pool.query<{ name: string; at: number; message: string }>(
    `SELECT name, properties ->> 'message' AS message, properties ->> 'url' AS url, properties ->> 'permanent' AS permanent
     FROM events WHERE user_id = $1 AND type = 'track'`,
    [userId],
  );
  const { rows: messages } = await here.pool.query<{ id: string }>(
    `SELECT id, delivered_at, opened_at, clicked_at, bounced_at, complained_at FROM messages WHERE user_id = $1`,
    [userId],
  );
  const { rows: causes } = await here.pool.query<{ cause: string }>(
    `SELECT cause FROM suppressed_addresses s JOIN users u ON s.address = address_key(u.traits ->> 'email') WHERE u.id = $1 ORDER BY 1`,
    [userId],
  );
  const place = (id: string): number => ids.indexOf(id);
  return {
    events: events.map((one) => JSON.stringify({ ...one, message: place(one.message) })).sort(),
    messages: messages.map((one) => ({ ...one, id: place(one.id) })).sort((a, b) => a.id - b.id),
    causes: causes.map(({ cause }) => cause),
  };
}

const anyReceipt = fc.record({
  message: fc.nat(1),
  kind: fc.constantFrom(...RECEIPT_KINDS),
  permanent: fc.boolean(),
  machine: fc.boolean(),
  url: fc.constantFrom('https://a.example', 'https://b.example'),
  at: fc.integer({ min: 0, max: 100 }),
});

test('receipts in any order, twice, and from two servers at once come to the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyReceipt, { minLength: 1, maxLength: 8 }),
      fc.infiniteStream(fc.nat(1_000)),
      async (receipts, order) => {
        const once = await userWithMessages(2);
        const of = (ids: readonly string[]): Receipt[] =>
          receipts.map(({ message, ...one }) => ({ ...one, messageId: ids[message] ?? '' }));
        await recordReceipts(here, definitions, of(once.ids), NOW);

        const often = await userWithMessages(2);
        const twice = [...of(often.ids), ...of(often.ids)]
          .map((receipt) => ({ receipt, turn: order.next().value ?? 0 }))
          .sort((a, b) => a.turn - b.turn)
          .map(({ receipt }) => receipt);
        await Promise.all(
          twice.map((receipt, n) => recordReceipts(n % 2 === 0 ? here : there, definitions, [receipt], NOW)),
        );
        expect(await outcomeOf(often.userId, often.ids)).toEqual(await outcomeOf(once.userId, once.ids));
      },
    ),
    { numRuns: 25 },
  );
});

test('an erasure at the same time leaves nothing', async () => {
  for (let round = 0; round < 10; round++) {
    const { userId, ids } = await userWithMessages(2);
    const receipts = ids.flatMap((messageId): Receipt[] => [
      { messageId, kind: 'clicked', url: 'https://a.example', at: 20 },
      { messageId, kind: 'unsubscribed', at: 20 },
    ]);
    await Promise.all([
      ...receipts.map((one) => recordReceipts(there, definitions, [one], NOW)),
      eraseUser(here, userId),
    ]);
    for (const [table, column] of [
      ['users', 'id'],
      ['events', 'user_id'],
      ['messages', 'user_id'],
    ] as const)
      expect(await here.knex(table).where({ [column]: userId })).toEqual([]);
  }
});

test('a merge at the same time loses no receipt', async () => {
  for (let round = 0; round < 10; round++) {
    const { userId: previousId, ids } = await userWithMessages(3);
    const userId = randomUUID();
    await here.pool.query(`INSERT INTO users (id, created_at, last_seen_at) VALUES ($1, 1, 1)`, [userId]);
    await Promise.all([
      ...ids.map((messageId) => recordReceipts(there, definitions, [{ messageId, kind: 'delivered', at: 20 }], NOW)),
      mergeUsers(here.pool, [{ previousId, userId }], 'visitors', NOW),
    ]);
    const stored = await here.knex('events').where({ user_id: userId, name: 'Message Delivered' });
    expect(stored).toHaveLength(3);
  }
});
