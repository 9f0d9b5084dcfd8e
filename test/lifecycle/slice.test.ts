import { SHIPPED_JOURNEYS, startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

let stack: TestLifecycle;
beforeAll(async () => {
  stack = await startLifecycle({ journeysPath: SHIPPED_JOURNEYS });
  await stack.startWorker();
});
afterAll(() => stack.stop());

test('one event starts one workflow and sends one mail, in a single workflow task', async () => {
  const ada = stack.newUser();
  await stack.track(ada, 'Signed Up', { plan: 'free' }, { traits: { email: `${ada}@example.com`, firstName: 'Ada' } });
  await until('the mail', () => stack.smtp.messages.length > 0);
  expect(stack.smtp.messages[0]).toMatchObject({ to: `${ada}@example.com` });
  const history = await stack.readableHistory(ada);
  expect(history).not.toContain('@example.com');
  // The signal starts the only workflow task. It has no regular activity, only a marker, attributes and a timer.
  await until('the task to complete', async () => (await stack.history(ada)).includes('MARKER_RECORDED'));
  const types = [...(await stack.history(ada)).matchAll(/EVENT_TYPE_(\w+)/g)].map(([, type]) => type);
  expect(types.filter((type) => type === 'WORKFLOW_TASK_COMPLETED')).toHaveLength(1);
  expect(types).not.toContain('ACTIVITY_TASK_SCHEDULED');
});
