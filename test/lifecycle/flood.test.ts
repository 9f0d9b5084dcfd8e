import { join } from 'node:path';
import { signalLifecycle, workflowId } from '../../temporal/signal';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

/** Temporal ends a workflow task for which more events than this are waiting, although the worker is still at it. */
const BUFFERED = 100;

let stack: TestLifecycle;
beforeAll(async () => void (stack = await startLifecycle({ journeysPath: join(__dirname, 'journeys') })));
afterAll(() => stack.stop());

async function taskWasCut(user: string): Promise<boolean> {
  const { events } = await stack.client.workflow.getHandle(workflowId(user)).fetchHistory();
  return events?.some(({ workflowTaskFailedEventAttributes: failed }) => failed) ?? false;
}

/** Apart from the waker, which tells a user one thing at a time. */
async function flood(userId: string): Promise<void> {
  const news = { userId, happened: [{ name: 'again', id: null }] } as const;
  await Promise.all(
    Array.from({ length: 3 * BUFFERED }, () => signalLifecycle(stack.client, stack.taskQueue, news, [])),
  );
}

test('a lifecycle whose history can no longer be replayed, after a flood of signals, is started anew', async () => {
  const first = await stack.startWorker();
  // The first mail takes its time, and so does the first look at the user.
  stack.smtp.behave({ kind: 'slow', ms: 10_000 });
  let ada = '';
  // On a slow machine the look may be over before the flood has come: then with somebody else.
  await until('the cut', async () => {
    ada = stack.newUser();
    await stack.track(ada, 'Started');
    await until('the first look', async () => (await stack.database.knex('runs').where({ user_id: ada })).length === 1);
    await stack.track(ada, 'Poked');
    await flood(ada);
    return taskWasCut(ada);
  });
  await until('the first poke', async () => (await stack.consumed(ada)) === 1);

  await first.stop();
  await stack.startWorker();
  await stack.track(ada, 'Poked');
  await until('the second poke', async () => (await stack.consumed(ada)) === 2);
});
