import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { searchOrphans } from '../../activities/orphans';
import { createLogger } from '../../config/log';
import { eraseUser, eraseAgain } from '../../store/erasure';
import { workflowId } from '../../temporal/signal';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

let stack: TestLifecycle;
beforeAll(async () => {
  stack = await startLifecycle({ journeysPath: join(__dirname, 'journeys') });
  await stack.startWorker();
});
afterAll(() => stack.stop());

/* Each test is about users of its own, so all run at the same time: Temporal takes half a minute for an erasure. */

/** The users of these whose erasure has not ended. */
const erasuresOf = (...users: readonly string[]): Promise<string[]> =>
  stack.database.knex('erasures').whereIn('user_id', users).pluck('user_id');
const untilErased = (...users: readonly string[]): Promise<boolean> =>
  until('the end of the erasures', async () => (await erasuresOf(...users)).length === 0);
const isGone = (user: string): Promise<boolean> =>
  stack.client.workflow
    .getHandle(workflowId(user))
    .describe()
    .then(
      () => false,
      (error: unknown) => error instanceof WorkflowNotFoundError,
    );

/** Starts a user's workflow by a signal, as a process of an older release does. */
async function startBySignal(client: Client, taskQueue: string, userId: string): Promise<void> {
  await client.workflow.signalWithStart('lifecycle', {
    workflowId: workflowId(userId),
    taskQueue,
    args: [{ userId, continued: false }],
    signal: 'Started',
    signalArgs: [{ id: randomUUID(), also: [] }],
  });
}

// Visibility stores differ in how a query quotes these characters.
const ODD = ['', '"quoted"', "O'Neill", 'back\\slash\\', 'new\nline\tand tab', '%_`'];

test.concurrent('erasure also removes the user from Temporal, whatever characters the id has', async () => {
  const users = ODD.map((odd) => `${randomUUID()}${odd}`);
  const others = users.map((user) => `${user} the second`);
  for (const user of [...users, ...others]) await stack.track(user, 'Started');
  for (const user of [...users, ...others]) await until('the workflow', async () => !(await isGone(user)));

  for (const user of users) expect(await eraseUser(stack.database, user)).toBe(true);
  await untilErased(...users);
  for (const user of users) expect([user, await isGone(user)]).toEqual([user, true]);
  for (const user of others) expect([user, await isGone(user)]).toEqual([user, false]);
});

test.concurrent('a late signal for an erased user leaves nothing in Temporal', async () => {
  const user = randomUUID();
  await startBySignal(stack.client, stack.taskQueue, user);
  await until('the erasure', async () => (await erasuresOf(user)).length > 0);
  await untilErased(user);
  expect(await isGone(user)).toBe(true);
});

test.concurrent('a user who comes back after the erasure keeps the new lifecycle', async () => {
  const user = randomUUID();
  await stack.track(user, 'Started');
  await until('the workflow', async () => !(await isGone(user)));
  const handle = stack.client.workflow.getHandle(workflowId(user));
  const { runId } = await handle.describe();
  await until('it is listed', async () => {
    const { count } = await stack.client.workflow.count(`WorkflowId = "${workflowId(user)}"`);
    return count === 1;
  });
  // A note for a user who exists is ignored. A request from before the return must only remove what existed then.
  await eraseAgain(stack.database.pool, user);
  expect(await erasuresOf(user)).toEqual([]);
  const longAgo = stack.database.knex.raw(`now() - interval '1 day'`);
  await stack.database.knex('erasures').insert({ user_id: user, requested_at: longAgo });
  await untilErased(user);
  expect(await handle.describe()).toMatchObject({ runId, status: { name: 'RUNNING' } });
});

test.concurrent('workflows that an older copy of Temporal brings back are erased, and no others', async () => {
  const { client, taskQueue, database } = stack;
  const [erased, kept, foreign] = [randomUUID(), randomUUID(), randomUUID()];
  for (const user of [erased, kept]) await stack.track(user, 'Started');
  await startBySignal(client, `${taskQueue} of others`, foreign);
  const all = [erased, kept, foreign].map((user) => `"${workflowId(user)}"`).join();
  await until('all are listed', async () => {
    const { count } = await client.workflow.count(`WorkflowId IN (${all}) AND ExecutionStatus = "Running"`);
    return count === 3;
  });
  await until(
    'their first advance',
    async () => (await database.knex('runs').whereIn('user_id', [erased, kept])).length === 2,
  );
  // What is left in PostgreSQL of a user whose erasure has ended: nothing.
  await database.knex('events').where({ user_id: erased }).delete();
  await database.knex('users').where({ id: erased }).delete();

  const parts = { pool: database.pool, client, taskQueue, log: createLogger('test', 'silent') };
  const search = async (now: number): Promise<void> => {
    // The worker of this stack takes turns too.
    await until('our turn', async () => {
      await database.knex('settings').where({ name: 'orphan-search' }).delete();
      return searchOrphans({ ...parts, clock: { real: () => now } });
    });
  };
  await search(Date.now() + 30_000);
  expect(await erasuresOf(erased, kept, foreign)).toEqual([]);
  await search(Date.now() + 3_600_000);
  await until('the workflow is gone', () => isGone(erased));
  await untilErased(erased);
  for (const user of [kept, foreign]) expect([user, await isGone(user)]).toEqual([user, false]);
  await client.workflow.getHandle(workflowId(foreign)).terminate();
});
