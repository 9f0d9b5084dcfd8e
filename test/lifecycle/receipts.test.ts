import { createHash } from 'node:crypto';
import { wake } from '../../api/deps';
import { staticDefinitions } from '../../engine/definitions/definitions';
import { recordReceipts, type Receipt } from '../../store/receipts';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

let stack: TestLifecycle;
beforeAll(async () => {
  stack = await startLifecycle();
  await stack.startWorker();
});
afterAll(() => stack.stop());

/** Lets a user start a trial, and returns the id of their welcome once it has the status. */
async function welcome(userId: string, email: string, status: string): Promise<string> {
  await stack.track(userId, 'Trial Started', { plan: 'free' }, { traits: { email } });
  return until(`the welcome is ${status}`, async () => {
    const { rows } = await stack.database.pool.query<{ id: string }>(
      `SELECT id FROM messages WHERE user_id = $1 AND step = 'welcome' AND status = $2`,
      [userId, status],
    );
    return rows[0]?.id;
  });
}

async function report(...receipts: Receipt[]): Promise<void> {
  wake(stack.waker, await recordReceipts(stack.database, staticDefinitions(stack.definitions), receipts, Date.now()));
}

test('a message that waits for another attempt is not sent once its address has bounced', async () => {
  const { smtp } = stack;
  const userId = stack.newUser();
  smtp.behave({ kind: 'refuse', code: 451 });
  const id = await welcome(userId, 'gone@example.com', 'retrying');
  await report({ messageId: id, kind: 'bounced', permanent: true, at: Date.now() });
  smtp.behave({ kind: 'accept' });
  await until('the message is stopped', async () => {
    const { rows } = await stack.database.pool.query<{ cause: string }>(
      `SELECT cause FROM messages WHERE id = $1 AND status = 'suppressed'`,
      [id],
    );
    return rows[0]?.cause === 'undeliverable' || undefined;
  });
  expect(smtp.messages).toEqual([]);
});

test('what receipts say reaches no history of Temporal', async () => {
  const userId = stack.newUser();
  const id = await welcome(userId, 'ada@example.com', 'sent');
  const secret = createHash('sha256').update(userId).digest('hex');
  await report({ messageId: id, kind: 'replied', text: secret, at: Date.now() });
  expect(await stack.readableHistory(userId)).not.toContain(secret);
});
