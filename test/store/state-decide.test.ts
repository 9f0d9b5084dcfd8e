import { compile, type Definitions, type InForce } from '../../engine/definitions';
import { journey } from '../../engine/journey';
import { lifecycle } from '../../engine/lifecycle';
import { milestone } from '../../engine/trigger';
import { loadAndDecide } from '../../store/state-decide';
import { projectCreated, unrestrained } from '../engine/catalogue';
import { define } from '../engine/random-life';
import { testDatabase, type TestDatabase } from '../support/database';
import { VirtualUser } from '../support/virtual-user';

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

test('a milestone that an edit adds counts what came while nobody counted any more', async () => {
  const congratulating = (...counts: number[]): Promise<Definitions> =>
    compile({
      journeys: [
        journey('milestones', { enter: milestone(projectCreated, counts), reenter: 'always' }, async () => {}),
      ],
      lifecycle: lifecycle({ initial: 'new', rules: [] }),
      ...unrestrained,
      traits: {},
    });
  const before = await congratulating(1, 2);
  const edited = await congratulating(1, 2, 5);
  const create = async (definitions: Definitions, n: number): Promise<void> => {
    const grace = new VirtualUser(database, 'grace', definitions);
    await grace.receive({ id: String(n), name: 'Project Created', at: n, receivedAt: n, properties: { name: 'x' } });
  };
  for (let n = 1; n <= 4; n++) await create(before, n);
  await create(edited, 5);
  expect(await database.knex('runs').where({ user_id: 'grace' }).pluck('entered_at')).toEqual([1, 2, 5]);
});
