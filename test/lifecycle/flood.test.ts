import { join } from 'node:path';
import { signalLifecycle, workflowId } from '../../temporal/signal';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

/** Temporal fails a running workflow task when more events than this are buffered until its end. */
const BUFFERED = 100;

let stack: TestLifecycle;
beforeAll(async () => void (stack = await startLifecycle({ journeysPath: join(__dirname, 'journeys') })));
afterAll(() => stack.stop());

async function taskWasCut(user: string): Promise<boolean> {
  const { events } = await stack.client.workflow.getHandle(workflowId(user)).fetchHistory();
  return events?.some(({ workflowTaskFailedEventAttributes: failed }) => failed) ?? false;
}

/** Sends signals directly, because the waker makes one call to a user at a time. */
async function flood(userId: string): Promise<void> {
  const signal = { userId, reasons: [{ name: 'again', id: null }] } as const;
  await Promise.all(Array.from({ length: 3 * BUFFERED }, () => signalLifecycle(stack.client, signal)));
}

test('after a flood of signals that breaks the replay, the next signal starts a new execution', async () => {
  const first = await stack.startWorker();
  // The first mail is slow, and so is the user's first advance.
  stack.smtp.behave({ kind: 'slow', ms: 10_000 });
  let ada = '';
  // On a slow machine the advance may end before the flood arrives. Then another user is tried.
  await until('the cut', async () => {
    ada = stack.newUser();
    await stack.track(ada, 'Started');
    await until(
      'the first advance',
      async () => (await stack.database.knex('runs').where({ user_id: ada })).length === 1,
    );
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
