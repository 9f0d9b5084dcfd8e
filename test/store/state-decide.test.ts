import type { InForce } from '../../engine/definitions';
import { loadAndDecide } from '../../store/state-decide';
import { define } from '../engine/random-life';
import { testDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test('nobody is decided by journeys that changed while the user was loaded', async () => {
  const before = await define([]);
  const after = await define([], { stages: false });
  await database.knex('users').insert({ id: 'ada', created_at: 0, last_seen_at: 0 });
  await database.knex('journey_changes').update({ seq: 1 });
  const definitions: { -readonly [Key in keyof InForce]: InForce[Key] } = {
    current: before,
    since: 0,
    changes: 0,
    problems: [],
    refresh: () => Promise.resolve(),
  };
  const decided = loadAndDecide({ pool: database.pool, definitions, now: () => 1_000 }, 'ada');
  // The statement is under way, and the process takes up the change.
  Object.assign(definitions, { current: after, changes: 1 });
  expect((await decided)?.advanced.state.memory.version).toBe(after.version);
});
