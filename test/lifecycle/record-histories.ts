import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';
import { version } from '../../package.json';
import { workflowId } from '../../temporal/signal';
import globalSetup from '../support/global-setup';
import globalTeardown from '../support/global-teardown';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

type History = temporal.api.history.v1.IHistory;
const { EventType } = temporal.api.enums.v1;

/** One user each. Together they cover the paths the workflow can take. */
const STORIES: Readonly<Record<string, (stack: TestLifecycle, user: string) => Promise<unknown>>> = {
  'mail-then-exit': async (stack, user) => {
    await stack.track(user, 'Started');
    await until('the mail', () => stack.smtp.messages.some(({ to }) => to.startsWith(user)));
    await stack.track(user, 'Left');
  },
  'delivery-handed-over': async (stack, user) => {
    stack.smtp.behave({ kind: 'refuse', code: 451 });
    await stack.track(user, 'Started');
    await until('the handover', async () => (await stack.history(user)).includes('ACTIVITY_TASK_SCHEDULED'));
    stack.smtp.behave({ kind: 'accept' });
    await until('the mail', () => stack.smtp.messages.some(({ to }) => to.startsWith(user)));
  },
  'call-retried': async (stack, user) => {
    await stack.track(user, 'Sync Asked');
    await until('the answer', async () => (await stack.history(user)).includes('ACTIVITY_TASK_COMPLETED'));
  },
  'left-to-newer-worker': async (stack, user) => {
    await stack.track(user, 'Started');
    await until('the mail', () => stack.smtp.messages.some(({ to }) => to.startsWith(user)));
    const users = stack.database.knex('users').where({ id: user });
    await users.clone().increment('state_format', 1);
    await stack.track(user, 'Poked');
    await until('the refusal', async () => (await stack.history(user)).includes('ACTIVITY_TASK_SCHEDULED'));
    await users.clone().decrement('state_format', 1);
  },
  'woken-by-signal': async (stack, user) => {
    await stack.track(user, 'Started');
    await until('the mail', () => stack.smtp.messages.some(({ to }) => to.startsWith(user)));
    await stack.wake(user, 'events waiting');
    await until('the second advance', async () => (await stack.history(user)).split('MARKER_RECORDED').length > 2);
  },
  'woken-by-several': async (stack, user) => {
    const names = ['Started', 'Poked', 'Poked', 'Poked'];
    for (const name of names) await stack.track(user, name, {}, { signal: false });
    const events = names.map((name, index) => ({ id: String(index), name, workflow: 'unknown' as const }));
    stack.waker.eventsPending(user, events);
    await until('the mail', () => stack.smtp.messages.some(({ to }) => to.startsWith(user)));
    await until('the advance', async () => (await stack.history(user)).includes('MARKER_RECORDED'));
  },
  'continued-as-new': async (stack, user) => {
    await stack.track(user, 'Started');
    const first = await runId(stack, user);
    await until('another run', async () => {
      await stack.track(user, 'Poked');
      return (await runId(stack, user)) !== first;
    });
    await until('its first advance', async () => (await stack.history(user)).includes('MARKER_RECORDED'));
    await stack.track(user, 'Left');
  },
  'deadline-moved': async (stack, user) => {
    await stack.track(user, 'Napped');
    await until('the timer', async () => (await stack.history(user)).includes('TIMER_FIRED'));
  },
};

/**
 * Records the histories of this release for the replay test. Run `npm run histories` once per release. A change of the workflow
 * within a release gets its own folder: `npm run histories -- typed-wake-ups`. Existing files are never overwritten.
 * @param change the name of the change, or nothing for the release itself
 */
async function record(change?: string): Promise<void> {
  const folder = join(__dirname, 'histories', change === undefined ? version : `${version}-${change}`);
  const missing = Object.entries(STORIES).filter(([name]) => !existsSync(pathOf(folder, name)));
  await globalSetup();
  const stack = await startLifecycle({ journeysPath: join(__dirname, 'journeys') });
  await stack.startWorker();
  mkdirSync(folder, { recursive: true });
  for (const [name, story] of missing) {
    const user = stack.newUser();
    await story(stack, user);
    await until('rest', async () => {
      const { rows } = await stack.database.pool.query(
        `SELECT FROM events WHERE user_id = $1 AND pending UNION ALL SELECT FROM messages WHERE user_id = $1 AND status IN ('sending', 'retrying')`,
        [user],
      );
      return rows.length === 0;
    });
    // A running task has recorded no commands yet, so there is nothing to replay.
    const history = await until('the task to end', () => restingHistory(stack, user));
    write(pathOf(folder, name), history);
    const before = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
    if (before)
      write(
        pathOf(folder, `${name}-before`),
        await stack.client.workflow.getHandle(workflowId(user), before).fetchHistory(),
      );
  }
  await stack.stop();
  await globalTeardown();
}

function pathOf(folder: string, name: string): string {
  return join(folder, `${name}.binpb`);
}

function write(path: string, history: History): void {
  writeFileSync(path, temporal.api.history.v1.History.encode(withoutPaths(history)).finish());
}

/** Stack traces hold the paths of the machine that recorded them. A replay does not read them. */
function withoutPaths(history: History): History {
  const strip = (value: unknown): void => {
    if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return;
    if ('stackTrace' in value) Object.assign(value, { stackTrace: '' });
    for (const inner of Object.values(value)) strip(inner);
  };
  strip(history);
  return history;
}

async function runId({ client, waker }: TestLifecycle, user: string): Promise<string> {
  await waker.idle();
  return (await client.workflow.getHandle(workflowId(user)).describe()).runId;
}

async function restingHistory(stack: TestLifecycle, user: string): Promise<History | false> {
  const history = await stack.client.workflow.getHandle(workflowId(user)).fetchHistory();
  const open = [EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED];
  const last = history.events?.at(-1)?.eventType;
  return last !== undefined && last !== null && !open.includes(last) && history;
}

record(process.argv[2]).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
