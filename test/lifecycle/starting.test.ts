import { join } from 'node:path';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { JsonObject } from '../../engine/model/json';
import { ENTER } from '../../engine/user/commands';
import { addCommands } from '../../store/commands';
import { timeline } from '../../store/timeline';
import { eraseUser } from '../../store/erasure';
import { workflowId } from '../../temporal/signal';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

let stack: TestLifecycle;
beforeAll(async () => {
  stack = await startLifecycle({ journeysPath: join(__dirname, 'journeys-starting') });
  await stack.startWorker();
});
afterAll(() => stack.stop());

const traitsOf = async (id: string): Promise<JsonObject> => {
  const { rows } = await stack.database.pool.query<{ traits: JsonObject }>('SELECT traits FROM users WHERE id = $1', [
    id,
  ]);
  return rows[0]?.traits ?? {};
};

const runsOf = async (id: string): Promise<object[]> => {
  const { rows } = await stack.database.pool.query<object>(
    'SELECT journey, status, version FROM runs JOIN users ON users.id = user_id WHERE user_id = $1 ORDER BY journey',
    [id],
  );
  return rows;
};

test('a journey starts another one and waits for its end, each in one save', async () => {
  const ada = stack.newUser();
  await stack.track(ada, 'Joined', { level: 'expert' });
  await until('the course', async () => (await traitsOf(ada))['level'] === 'expert');
  const [course, intro] = await runsOf(ada);
  expect([course, intro]).toMatchObject([
    { journey: 'course', status: 'active' },
    { journey: 'intro', status: 'active' },
  ]);
  const { version } = intro as { version: number };
  await stack.track(ada, 'Passed');
  await until('the end', async () => 'goalReached' in (await traitsOf(ada)));
  expect(await traitsOf(ada)).toMatchObject({ entered: true, goalReached: true });
  // The event is one change of the user, and what follows from it another, with no wake-up between the runs.
  expect(await runsOf(ada)).toMatchObject([
    { journey: 'course', status: 'completed', version: version + 2 },
    { journey: 'intro', status: 'completed' },
  ]);
});

test('people read who started a run, and what is awaited', async () => {
  const ada = stack.newUser();
  await stack.track(ada, 'Joined', { level: 'expert' });
  await until('the course', async () => (await runsOf(ada)).length === 2);
  const entries = await timeline(stack.database, ada, { after: null, newestFirst: false, limit: 50 });
  expect(entries).toContainEqual(
    expect.objectContaining({ kind: 'entered', what: 'course', reason: 'started by intro' }),
  );
  expect(entries).toContainEqual(
    expect.objectContaining({ kind: 'step', what: 'the course is over', reason: 'end of course' }),
  );
});

test('an erasure takes a started run and the one that waits for it, also if the end is to be decided', async () => {
  const ada = stack.newUser();
  await stack.track(ada, 'Joined', { level: 'expert' });
  await until('the course', async () => (await runsOf(ada)).length === 2);
  await stack.track(ada, 'Passed', {}, { signal: false });
  expect(await eraseUser(stack.database, ada)).toBe(true);
  await until('the end of the erasure', async () => (await stack.database.knex('erasures')).length === 0);
  await expect(stack.client.workflow.getHandle(workflowId(ada)).describe()).rejects.toThrow(WorkflowNotFoundError);
  for (const table of ['runs', 'events']) expect(await stack.database.knex(table).where({ user_id: ada })).toEqual([]);
  expect(await traitsOf(ada)).toEqual({});
});

test('users who are added together enter, whether their workflow runs or not, and once if they are added again', async () => {
  const running = stack.newUser();
  await stack.track(running, 'Joined', { level: 'expert' });
  await until('the workflow runs', async () => (await runsOf(running)).length === 2);
  const crew = [running, ...[1, 2, 3].map(() => stack.newUser())];
  await stack.database.pool.query(
    'INSERT INTO users (id, created_at, last_seen_at) SELECT id, 1, 1 FROM unnest($1::text[]) id ON CONFLICT DO NOTHING',
    [crew],
  );
  const content = { properties: '{"level":"expert"}', forgetAt: undefined };
  const commands = crew.map((userId) => ({ userId, messageId: 'together', content }));
  const add = (): Promise<unknown> =>
    addCommands(stack.database, { name: `${ENTER}intro`, at: Date.now() }, commands).then(({ outcomes }) => outcomes);
  expect(await add()).toEqual(crew.map(() => 'stored'));
  expect(await add()).toEqual(crew.map(() => 'duplicate'));
  const handled = async (): Promise<boolean> =>
    (await stack.database.knex('events').where({ pending: true })).length === 0;
  await until('all have entered', handled);
  for (const id of crew)
    expect((await runsOf(id)).filter((run) => 'journey' in run && run.journey === 'intro')).toHaveLength(1);
});
