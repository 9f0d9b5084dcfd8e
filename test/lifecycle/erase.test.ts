import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { WorkflowNotFoundError } from '@temporalio/client';
import { eraseUser, noteRemains } from '../../store/erasure';
import { signalLifecycle, workflowId } from '../../temporal/signal';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

let stack: TestLifecycle;
beforeAll(async () => {
  stack = await startLifecycle({ journeysPath: join(__dirname, 'journeys') });
  await stack.startWorker();
});
afterAll(() => stack.stop());

const erasures = (): Promise<string[]> => stack.database.knex('erasures').pluck('user_id');
const isGone = (user: string): Promise<boolean> =>
  stack.client.workflow
    .getHandle(workflowId(user))
    .describe()
    .then(
      () => false,
      (error: unknown) => error instanceof WorkflowNotFoundError,
    );

// How a query quotes such characters differs from one visibility store to the next.
const ODD = ['', '"quoted"', "O'Neill", 'back\\slash\\', 'new\nline\tand tab', '%_`'];

test('an erased user is gone from Temporal too, whatever the id is made of', async () => {
  const users = ODD.map((odd) => `${randomUUID()}${odd}`);
  const others = users.map((user) => `${user} the second`);
  for (const user of [...users, ...others]) await stack.track(user, 'Started');
  for (const user of [...users, ...others]) await until('the workflow', async () => !(await isGone(user)));

  for (const user of users) expect(await eraseUser(stack.database, user)).toBe(true);
  await until('the end of the erasures', async () => (await erasures()).length === 0);
  for (const user of users) expect([user, await isGone(user)]).toEqual([user, true]);
  for (const user of others) expect([user, await isGone(user)]).toEqual([user, false]);
});

test('a lifecycle that is told something after the erasure leaves nothing in Temporal', async () => {
  const user = randomUUID();
  const happened = [{ id: randomUUID(), name: 'Started' }] as const;
  await signalLifecycle(stack.client, stack.taskQueue, { userId: user, happened }, []);
  await until('the erasure', async () => (await erasures()).includes(user));
  await until('the end of the erasure', async () => (await erasures()).length === 0);
  expect(await isGone(user)).toBe(true);
});

test('whoever comes back after the erasure keeps the lifecycle they then have', async () => {
  const user = randomUUID();
  await stack.track(user, 'Started');
  await until('the workflow', async () => !(await isGone(user)));
  const handle = stack.client.workflow.getHandle(workflowId(user));
  const { runId } = await handle.describe();
  await until('it is listed', async () => {
    const { count } = await stack.client.workflow.count(`WorkflowId = "${workflowId(user)}"`);
    return count === 1;
  });
  // Noted when she was there already: nothing. Asked for before she came back: only what was there then is to go.
  await noteRemains(stack.database.pool, user);
  expect(await erasures()).toEqual([]);
  const longAgo = stack.database.knex.raw(`now() - interval '1 day'`);
  await stack.database.knex('erasures').insert({ user_id: user, requested_at: longAgo });
  await until('the end of the erasure', async () => (await erasures()).length === 0);
  expect(await handle.describe()).toMatchObject({ runId, status: { name: 'RUNNING' } });
});
