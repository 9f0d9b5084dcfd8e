import { join } from 'node:path';
import { wake } from '../../api/deps';
import { staticDefinitions } from '../../engine/definitions/definitions';
import { ingest } from '../../store/ingest';
import { workflowId } from '../../temporal/signal';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

let stack: TestLifecycle;
beforeAll(async () => {
  stack = await startLifecycle({ journeysPath: join(__dirname, 'journeys') });
  await stack.startWorker();
});
afterAll(() => stack.stop());

const mailsTo = (user: string): number => stack.smtp.messages.filter(({ to }) => to.startsWith(user)).length;

async function runsOf(user: string): Promise<{ status: string; reason: string; pokes: number }[]> {
  const { rows } = await stack.database.pool.query<{ status: string; reason: string; pokes: number }>(
    `SELECT status, reason, jsonb_array_length(body->'consumed') AS pokes FROM runs WHERE user_id = $1 ORDER BY entered_at`,
    [user],
  );
  return rows;
}

async function becomes(previousId: string, userId: string): Promise<void> {
  const batch = { events: [], aliases: [{ previousId, userId }], receivedAt: Date.now() };
  const { pending } = await ingest(stack.database, staticDefinitions(stack.definitions), batch, 'users');
  wake(stack.waker, pending);
}

async function startedTour(): Promise<string> {
  const user = stack.newUser();
  await stack.track(user, 'Started');
  await until('the first mail', () => mailsTo(user) === 1);
  await stack.track(user, 'Poked');
  await until('the first poke', async () => (await runsOf(user))[0]?.pokes === 1);
  return user;
}

test('a user who gets an id within a journey stays at the same step', async () => {
  const anonymous = await startedTour();
  const ada = stack.newUser();
  await becomes(anonymous, ada);
  await until('the workflow of the new id', async () => {
    const [stages] = await stack.database
      .knex('events')
      .where({ user_id: ada, name: 'sojourn:merged' })
      .pluck('pending');
    return stages === false;
  });
  await stack.track(anonymous, 'Poked');
  await until('the second poke', async () => (await runsOf(ada))[0]?.pokes === 2);
  expect(await runsOf(ada)).toMatchObject([{ status: 'active' }]);
  expect(await runsOf(anonymous)).toEqual([]);
  expect(mailsTo(anonymous) + mailsTo(ada)).toBe(1);
  expect((await stack.client.workflow.getHandle(workflowId(ada)).describe()).status.name).toBe('RUNNING');
});

test('when two users with lifecycles merge, the runs of the previous id end', async () => {
  const [previous, ada] = [await startedTour(), await startedTour()];
  await becomes(previous, ada);
  expect((await runsOf(ada)).map(({ status, reason }) => [status, reason])).toEqual([
    ['exited', 'merged'],
    ['active', ''],
  ]);
});

test('a message that is being retried when its receiver gets an id still arrives, once', async () => {
  const anonymous = stack.newUser();
  stack.smtp.behave({ kind: 'refuse', code: 451 });
  await stack.track(anonymous, 'Started');
  await until('the first failure', async () => {
    const [status] = await stack.database.knex('messages').where({ user_id: anonymous }).pluck('status');
    return status === 'retrying';
  });
  const ada = stack.newUser();
  await becomes(anonymous, ada);
  stack.smtp.behave({ kind: 'accept' });
  await until('the mail', () => mailsTo(anonymous) === 1);
  await until('the record', async () => {
    const statuses = await stack.database.knex('messages').where({ user_id: ada }).pluck('status');
    return statuses.join() === 'sent';
  });
  expect(mailsTo(anonymous)).toBe(1);
});
