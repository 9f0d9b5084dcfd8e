import { join } from 'node:path';
import { staticDefinitions } from '../../engine/definitions/definitions';
import { changeConsent } from '../../store/consent';
import { workflowId } from '../../temporal/signal';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

const JOURNEYS = join(__dirname, 'journeys');

let stack: TestLifecycle;
beforeAll(async () => {
  stack = await startLifecycle({ journeysPath: JOURNEYS });
  await stack.startWorker();
});
afterAll(() => stack.stop());
beforeEach(() => stack.smtp.behave({ kind: 'accept' }));

const mailsTo = (user: string): number => stack.smtp.messages.filter(({ to }) => to.startsWith(user)).length;
const status = async (user: string): Promise<string> =>
  (await stack.client.workflow.getHandle(workflowId(user)).describe()).status.name;
const messages = async (user: string): Promise<{ status: string; reason: string; attempts: number }[]> =>
  (await stack.database.pool.query('SELECT status, reason, attempts FROM messages WHERE user_id = $1', [user]))
    .rows as never;
const runs = async (user: string): Promise<{ status: string; position: string | null; reason: string }[]> =>
  (await stack.database.pool.query('SELECT status, position, reason FROM runs WHERE user_id = $1', [user]))
    .rows as never;

const POKES = 150;

test('a workflow continues as new early, and loses no event that arrives meanwhile', async () => {
  const ada = stack.newUser();
  const lengths = async (): Promise<number[]> => {
    const query = `WorkflowId = "${workflowId(ada)}" AND ExecutionStatus = "ContinuedAsNew"`;
    const found: number[] = [];
    for await (const { historyLength } of stack.client.workflow.list({ query })) found.push(historyLength);
    return found;
  };
  await stack.track(ada, 'Started');
  // Twice, so that one execution is both started and ended by continue-as-new. Events that arrive at an end must reach the next one.
  let pokes = 0;
  while ((await lengths()).length < 2) {
    expect(pokes).toBeLessThan(POKES);
    await stack.track(ada, 'Poked');
    pokes++;
    // A wake-up without an event, as the relay sends it.
    await stack.wake(ada, 'again');
    await until(`poke ${pokes}`, async () => (await stack.consumed(ada)) === pokes);
  }
  for (; pokes < POKES; pokes++) await stack.track(ada, 'Poked');
  await until('the last mail', () => mailsTo(ada) === 2);
  await until('the end', async () => (await status(ada)) === 'COMPLETED');
  expect(Math.max(...(await lengths()))).toBeLessThan(800);
});

test('a workflow completes when its user waits for nothing, and the next relevant event starts it anew', async () => {
  const ada = stack.newUser();
  await stack.track(ada, 'Started');
  await until('the first mail', () => mailsTo(ada) === 1);
  await stack.track(ada, 'Left');
  await until('completion', async () => (await status(ada)) === 'COMPLETED');
  await stack.track(ada, 'Started');
  await until('a second mail', () => mailsTo(ada) === 2);
  expect(await status(ada)).toBe('RUNNING');
});

test('no personal data enters the history, even after failures', async () => {
  const ada = stack.newUser();
  stack.smtp.behave({ kind: 'refuse', code: 550 });
  for (const name of ['Started', 'Broke', 'Sync Asked']) await stack.track(ada, name, { secret: 'ada@example.com' });
  await until('the failed run', async () => (await runs(ada)).some((run) => run.status === 'failed'));
  await until('the call', async () => (await runs(ada)).some((run) => run.status === 'completed'));
  const history = await stack.history(ada);
  const payloads = [...history.matchAll(/"data":"([^"]+)"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString(),
  );
  expect(payloads.join('\n')).toContain('Started');
  expect(payloads.join('\n') + history).not.toMatch(/example\.com|secret/);
});

test('a journey that throws parks its own run only', async () => {
  const ada = stack.newUser();
  await stack.track(ada, 'Broke');
  await stack.track(ada, 'Started');
  await until('both mails', () => mailsTo(ada) === 2);
  await until('the parked run', async () =>
    (await runs(ada)).some((run) => run.status === 'failed' && run.position === 'before the bug'),
  );
  expect(await runs(ada)).toContainEqual(expect.objectContaining({ status: 'active', position: 'poke 1' }));
});

test('a call is retried until it answers, and the answer is recorded once', async () => {
  const ada = stack.newUser();
  await stack.track(ada, 'Sync Asked');
  await until('the run to end', async () => (await runs(ada))[0]?.status === 'completed');
  const { rows } = await stack.database.pool.query('SELECT traits FROM users WHERE id = $1', [ada]);
  expect(rows).toMatchObject([{ traits: { crmTries: 3 } }]);
  const bodies = await stack.database.knex('runs').where({ user_id: ada }).pluck('body');
  expect(bodies).toMatchObject([{ journal: [{ step: 'push to the CRM', facts: { id: ada } }, {}] }]);
});

test('a refused delivery is retried by a separate activity until it succeeds', async () => {
  const ada = stack.newUser();
  stack.smtp.behave({ kind: 'refuse', code: 451 });
  await stack.track(ada, 'Started');
  await until('the handover', async () => (await stack.history(ada)).includes('ACTIVITY_TASK_SCHEDULED'));
  await until('a refusal on record', async () => (await messages(ada))[0]?.status === 'retrying');
  stack.smtp.behave({ kind: 'accept' });
  await until('the mail', () => mailsTo(ada) === 1);
  await until('the record', async () => (await messages(ada))[0]?.status === 'sent');
  expect(new Set(stack.smtp.refused.map(({ messageId }) => messageId))).toContain(
    stack.smtp.messages.at(-1)?.messageId,
  );
});

test('an exit during a delivery retry withdraws the message', async () => {
  const ada = stack.newUser();
  stack.smtp.behave({ kind: 'refuse', code: 451 });
  await stack.track(ada, 'Started');
  await until('the first failure', async () => (await messages(ada))[0]?.status === 'retrying');
  await stack.track(ada, 'Left');
  await until('the withdrawal', async () => (await messages(ada))[0]?.status === 'cancelled');
  stack.smtp.behave({ kind: 'accept' });
  await until('the end', async () => (await status(ada)) === 'COMPLETED');
  expect(mailsTo(ada)).toBe(0);
});

test('consent withdrawn while a delivery is retried is respected, with the reason', async () => {
  const ada = stack.newUser();
  stack.smtp.behave({ kind: 'refuse', code: 451 });
  await stack.track(ada, 'Offered');
  await until('the first failure', async () => (await messages(ada))[0]?.status === 'retrying');
  const answers = { email: false };
  await changeConsent(stack.database, staticDefinitions(stack.definitions), {
    userId: ada,
    answers,
    at: Date.now(),
    alsoAsAlias: true,
  });
  stack.smtp.behave({ kind: 'accept' });
  await until('the suppression', async () => (await messages(ada))[0]?.status === 'suppressed');
  expect(await messages(ada)).toMatchObject([{ reason: 'no consent' }]);
  expect(mailsTo(ada)).toBe(0);
});

test('a message that expires while its delivery is retried is suppressed, with the reason', async () => {
  const ada = stack.newUser();
  stack.smtp.behave({ kind: 'refuse', code: 451 });
  await stack.track(ada, 'Left');
  await stack.track(ada, 'sojourn:enter:report');
  await stack.database.pool.query(
    `UPDATE events SET pending = true WHERE user_id = $1 AND name = 'sojourn:enter:report'`,
    [ada],
  );
  await stack.wake(ada, 'entered by hand');
  await until('the expiry', async () => (await messages(ada))[0]?.reason === 'expired');
  expect(await messages(ada)).toMatchObject([{ status: 'suppressed' }]);
  await until('the end', async () => (await status(ada)) === 'COMPLETED');
});

test('the relay finds events with a lost signal', async () => {
  const ada = stack.newUser();
  await stack.track(ada, 'Started', {}, { signal: false });
  await until('the mail', () => mailsTo(ada) === 1);
});

test('the list in the UI can be filtered by stage and journey', async () => {
  const ada = stack.newUser();
  await stack.track(ada, 'Started');
  await until('the mail', () => mailsTo(ada) === 1);
  const [stage] = await stack.database.knex('users').where({ id: ada }).pluck<string[]>('stage');
  const isListed = async (query: string): Promise<boolean> => {
    for await (const { workflowId: id } of stack.client.workflow.list({ query }))
      if (id === workflowId(ada)) return true;
    return false;
  };
  const own = `WorkflowId = "${workflowId(ada)}"`;
  await until('visibility', () => isListed(`Journeys = "tour" AND Stage = "${stage}" AND ${own}`));
  expect(await isListed(`Journeys = "another" AND ${own}`)).toBe(false);
  expect(await isListed(`Stage = "another" AND ${own}`)).toBe(false);
});
