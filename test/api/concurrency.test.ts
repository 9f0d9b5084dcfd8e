import { startApi, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item) => [Math.random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);

test('a batch sent five times at once, in any order, is stored once', async () => {
  const batch = Array.from({ length: 200 }, (_, n) => ({
    type: 'track',
    userId: `crowd ${n % 17}`,
    messageId: `crowd ${n}`,
    event: 'Clicked',
    properties: { n },
  }));
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => api.write('/v1/batch', { batch: shuffled(batch) })),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  const accepted = answers.map(({ body }) => (body as { accepted: number }).accepted);
  expect(accepted.reduce((sum, n) => sum + n)).toBe(200);
  expect(await api.database.knex('events').whereLike('user_id', 'crowd %').pluck('message_id')).toHaveLength(200);
});

test('concurrent batches about the same users all succeed, whatever their order', async () => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, b) =>
      api.write('/v1/batch', {
        batch: shuffled(
          Array.from({ length: 30 }, (_, n) => ({
            type: 'identify',
            userId: `tangle ${n}`,
            traits: { [`from ${b}`]: n },
          })),
        ),
      }),
    ),
  );
  expect(answers.every(({ status, body }) => status === 200 && (body as { accepted: number }).accepted === 30)).toBe(
    true,
  );
  const traits: object[] = await api.database.knex('users').whereLike('id', 'tangle %').pluck('traits');
  expect(traits.map((one) => Object.keys(one).length)).toEqual(Array(30).fill(40));
});

/**
 * The part of an advance that matters here: loads the user, then saves what the user awaits unless the user has changed meanwhile.
 * An event that arrives in between must not be lost. Returns the message ids of the events it saw.
 */
async function startWaiting(userId: string): Promise<ReadonlySet<string>> {
  const { pool } = api.database;
  for (;;) {
    const loaded = await pool.query<{ version: number; seen: string[] }>(
      `SELECT version, ARRAY(SELECT message_id FROM events WHERE user_id = $1) AS seen FROM users WHERE id = $1`,
      [userId],
    );
    const [{ version, seen } = { version: 0, seen: [] }] = loaded.rows;
    const saved = await pool.query(
      `UPDATE users SET version = version + 1, awaiting = '{Project Created}', awaiting_version = $3 WHERE id = $1 AND version = $2`,
      [userId, version, api.definitions.version],
    );
    if (saved.rowCount === 1) return new Set(seen);
  }
}

test('an event that arrives while a user starts to wait for it is either seen or left pending', async () => {
  const outcomes = { seen: 0, pending: 0 };
  for (let round = 0; round < 20; round++) {
    const userId = `race ${round}`;
    const row = { id: userId, created_at: 0, last_seen_at: 0, awaiting: [], awaiting_version: api.definitions.version };
    await api.database.knex('users').insert(row);
    const track = (): Promise<unknown> => api.write('/v1/track', { userId, event: 'Project Created' });
    // The first event is always seen and the last one always pending. Only the twelve in between race with the save.
    await track();
    const waiting = startWaiting(userId);
    const [seen] = await Promise.all([waiting, ...Array.from({ length: 12 }, track), waiting.then(track)]);
    const events = (await api.database.knex('events').where({ user_id: userId })) as {
      message_id: string;
      pending: boolean;
    }[];
    expect(events).toHaveLength(14);
    for (const { message_id: id, pending } of events) {
      expect([id, seen.has(id) !== pending]).toEqual([id, true]);
      outcomes[pending ? 'pending' : 'seen']++;
    }
  }
  expect(Math.min(outcomes.seen, outcomes.pending)).toBeGreaterThan(0);
});
