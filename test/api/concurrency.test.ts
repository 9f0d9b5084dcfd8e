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

test('the same batch, told five times at once and in any order, is stored once', async () => {
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

test('many batches about the same users, each in its own order, all come through', async () => {
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
 * What the engine does, as far as it matters here: load, then save what it waits for from now on, only if nobody changed the user.
 * The race it must not lose: an event that comes in between.
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

test('an event that comes while the engine begins to wait for it was either seen by it, or is pending', async () => {
  const outcomes = { seen: 0, pending: 0 };
  for (let round = 0; round < 20; round++) {
    const userId = `race ${round}`;
    const row = { id: userId, created_at: 0, last_seen_at: 0, awaiting: [], awaiting_version: api.definitions.version };
    await api.database.knex('users').insert(row);
    const track = (): Promise<unknown> => api.write('/v1/track', { userId, event: 'Project Created' });
    // One before it and one after it, so that both outcomes are there on any machine; the race is of those in between.
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
