import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

let stack: TestLifecycle;
beforeAll(async () => {
  stack = await startLifecycle();
  await stack.startWorker();
});
afterAll(() => stack.stop());

/** Lets a user start a trial, and returns what became of their welcome. */
async function welcome(email: string): Promise<{ status: string; cause: string | null; reason: string }> {
  const userId = stack.newUser();
  await stack.track(userId, 'Trial Started', { plan: 'free' }, { traits: { email } });
  return until('the welcome is sent or stopped', async () => {
    const { rows } = await stack.database.pool.query<{ status: string; cause: string | null; reason: string }>(
      `SELECT status, cause, reason FROM messages WHERE user_id = $1 AND step = 'welcome' AND status IN ('sent', 'suppressed')`,
      [userId],
    );
    return rows[0];
  });
}

test('an address that a server does not know is mailed once, whoever has it', async () => {
  const { smtp } = stack;
  smtp.behave({ kind: 'unknown recipient' });
  expect(await welcome('gone@example.com')).toEqual({ status: 'suppressed', cause: 'bounced', reason: 'bounced' });
  smtp.behave({ kind: 'accept' });
  const again = { status: 'suppressed', cause: 'undeliverable', reason: 'bounced address' };
  expect(await welcome('Gone@Example.com')).toEqual(again);
  expect(await welcome('here@example.com')).toMatchObject({ status: 'sent' });
  expect(smtp.messages.map(({ to }) => to)).toEqual(['here@example.com']);
});
