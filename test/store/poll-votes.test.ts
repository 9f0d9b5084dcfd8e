import type { Database } from '../../store/database';
import { openDatabase } from '../../store/database';
import { eraseUser } from '../../store/erasure';
import { mergeUsers } from '../../store/merge-users';
import { castVote, readPollResults, type PollResults, type Vote } from '../../store/poll-votes';
import { testDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

let polls = 0;
const newPoll = (): string => `poll ${++polls}`;

async function users(...ids: string[]): Promise<void> {
  for (const id of ids)
    await database.pool.query(
      'INSERT INTO users (id, created_at, last_seen_at) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING',
      [id],
    );
}

function cast(poll: string, userId: string, value: string, more: Partial<Vote> = {}): Promise<string | null> {
  return castVote(database, { poll, userId, value, mayChange: false, at: 1, ...more });
}

const resultsOf = async (poll: string): Promise<PollResults | undefined> =>
  (await readPollResults(database, [poll])).get(poll);

test('a person has one vote: the first, or if it may be changed, the last', async () => {
  const poll = newPoll();
  await users('ada', 'bob');
  expect(await cast(poll, 'ada', 'red')).toBe('red');
  expect(await cast(poll, 'ada', 'blue')).toBe('red');
  expect(await cast(poll, 'bob', 'red', { mayChange: true })).toBe('red');
  expect(await resultsOf(poll)).toEqual({ votes: { red: 2 }, total: 2 });
  for (let n = 0; n < 2; n++) expect(await cast(poll, 'bob', 'blue', { mayChange: true, at: 2 })).toBe('blue');
  expect(await resultsOf(poll)).toEqual({ votes: { red: 1, blue: 1 }, total: 2 });
});

test('nobody votes who does not exist', async () => {
  const poll = newPoll();
  expect(await cast(poll, 'nobody', 'red')).toBeNull();
  expect(await resultsOf(poll)).toBeUndefined();
});

test('of 1,000 votes at once, on several connections and some of them repeated and changed, each counts once', async () => {
  const poll = newPoll();
  await database.pool.query(
    `INSERT INTO users (id, created_at, last_seen_at) SELECT 'voter ' || n, 0, 0 FROM generate_series(1, 1000) n`,
  );
  const votes = Array.from({ length: 1_000 }, (_, n) => ({ userId: `voter ${n + 1}`, value: `option ${n % 3}` }));
  await Promise.all(
    votes.flatMap(({ userId, value }, n) => [
      cast(poll, userId, value, { mayChange: true }),
      ...(n % 5 === 0 ? [cast(poll, userId, value, { mayChange: true })] : []),
    ]),
  );
  expect(await resultsOf(poll)).toEqual({ votes: { 'option 0': 334, 'option 1': 333, 'option 2': 333 }, total: 1_000 });
  await Promise.all(votes.slice(0, 300).map(({ userId }) => cast(poll, userId, 'option 0', { mayChange: true })));
  expect(await resultsOf(poll)).toEqual({ votes: { 'option 0': 534, 'option 1': 233, 'option 2': 233 }, total: 1_000 });
});

test('an erased user has no vote', async () => {
  const poll = newPoll();
  await users('eve', 'fay');
  await cast(poll, 'eve', 'red');
  await cast(poll, 'fay', 'red');
  await eraseUser(database, 'eve');
  expect(await resultsOf(poll)).toEqual({ votes: { red: 1 }, total: 1 });
});

test('of users who become one, the latest vote counts, once', async () => {
  const [both, one, none] = [newPoll(), newPoll(), newPoll()];
  await users('gil', 'hal', 'ida');
  await cast(both, 'gil', 'red', { at: 1 });
  await cast(both, 'hal', 'blue', { at: 3 });
  await cast(both, 'ida', 'green', { at: 2 });
  await cast(one, 'hal', 'blue');
  await cast(none, 'gil', 'red', { at: 5 });
  await cast(none, 'hal', 'red', { at: 4 });
  const pairs = ['hal', 'ida'].map((previousId) => ({ previousId, userId: 'gil' }));
  await mergeUsers(database.patient, pairs, 'users', 10);
  expect(await resultsOf(both)).toEqual({ votes: { blue: 1 }, total: 1 });
  expect(await resultsOf(one)).toEqual({ votes: { blue: 1 }, total: 1 });
  expect(await resultsOf(none)).toEqual({ votes: { red: 1 }, total: 1 });
  const { rows } = await database.pool.query('SELECT DISTINCT user_id FROM poll_votes WHERE poll = ANY ($1)', [
    [both, one, none],
  ]);
  expect(rows).toEqual([{ user_id: 'gil' }]);
});

test('votes, changes, merges and erasures at once leave results that are the votes that are left', async () => {
  const poll = newPoll();
  const ids = Array.from({ length: 60 }, (_, n) => `crowd ${n}`);
  await users(...ids);
  const other: Database = openDatabase(database.url, 'another process');
  await Promise.all(
    ids.flatMap((id, n) => [
      cast(poll, id, `option ${n % 2}`, { mayChange: true, at: n }),
      castVote(other, { poll, userId: id, value: `option ${(n + 1) % 2}`, mayChange: true, at: n + 1 }),
      ...(n % 6 === 0 ? [eraseUser(database, id)] : []),
      ...(n % 6 === 1
        ? [mergeUsers(database.patient, [{ previousId: id, userId: `crowd ${n + 1}` }], 'users', 100)]
        : []),
    ]),
  );
  await other.close();
  const { rows } = await database.pool.query<{ value: string; votes: number }>(
    'SELECT value, count(*)::int AS votes FROM poll_votes WHERE poll = $1 GROUP BY value',
    [poll],
  );
  expect((await resultsOf(poll))?.votes).toEqual(Object.fromEntries(rows.map(({ value, votes }) => [value, votes])));
});
