import type { JsonObject } from '../../engine/model/json';
import { until } from '../support/until';
import { startDefinitionStack, type DefinitionStack } from './stack';

let stack: DefinitionStack;
beforeAll(async () => {
  stack = await startDefinitionStack();
  await stack.startWorker();
  await stack.startWorker();
});
afterAll(() => stack.stop());

const mail = (step: string, template: string): JsonObject => ({
  kind: 'send',
  step,
  messages: [{ channel: 'email', template }],
});
const wait = (step: string, event: string): JsonObject => ({
  kind: 'waitFor',
  step,
  events: [event],
  within: '90 days',
});
const begun = (id: string, steps: JsonObject[], more: JsonObject = {}): JsonObject => ({
  enter: { kind: 'event', event: `${id} begun` },
  events: { [`${id} begun`]: { example: {} }, [`${id} on`]: { example: {} }, [`${id} over`]: { example: {} } },
  steps,
  ...more,
});

async function publish(id: string, definition: JsonObject): Promise<void> {
  await stack.admin('PUT', `/v1/journeys/${id}`, definition);
  await stack.publish(id);
}

async function begin(id: string, position: string | null): Promise<string> {
  const user = stack.newUser();
  await stack.tell(user, `${id} begun`);
  await until(`${user} is at ${String(position)}`, async () => (await stack.run(user))?.position === position);
  return user;
}

test('a published version takes effect at once, in every worker', async () => {
  await publish('survey', begun('survey', [mail('thanks', 'hello')]));
  const ada = stack.newUser();
  await stack.tell(ada, 'survey begun');
  await until('the mail', () => stack.mails(ada, 'hello') === 1);
  expect(await stack.run(ada)).toMatchObject({ status: 'completed', version: 1 });
});

test('an edit reaches users at every step, and each continues from there', async () => {
  const first = [wait('one', 'edit on'), mail('greet', 'hello'), wait('two', 'edit over'), mail('bye', 'later')];
  await publish('edit', begun('edit', first));
  const atOne = await begin('edit', 'one');
  const atTwo = await begin('edit', 'one');
  await stack.tell(atTwo, 'edit on');
  await until('the second step', async () => (await stack.run(atTwo))?.position === 'two');

  await publish('edit', begun('edit', [mail('new', 'later'), ...first.slice(0, 2), mail('last', 'later')]));
  // The edit removes the wait this user is at. The new first step is behind them.
  await until('who was past it goes on', () => stack.mails(atTwo, 'later') === 1);
  await until('the end', async () => (await stack.run(atTwo))?.status === 'completed');
  await stack.tell(atOne, 'edit on');
  await until('the others follow', async () => (await stack.run(atOne))?.status === 'completed');
  await until('their mails', () => stack.mails(atOne) === 2);
  expect([stack.mails(atOne, 'hello'), stack.mails(atOne, 'later'), stack.mails(atTwo, 'hello')]).toEqual([1, 1, 1]);
});

test('a pause holds all users and loses none, and all continue afterwards', async () => {
  await publish('pause', begun('pause', [wait('go', 'pause on'), mail('greet', 'hello')]));
  const before = await begin('pause', 'go');
  await stack.admin('POST', '/v1/journeys/pause/pause');
  await stack.tell(before, 'pause on');
  await until('held', async () => (await stack.run(before))?.waiting === 'paused');
  const meanwhile = await begin('pause', 'go');
  expect(await stack.run(meanwhile)).toMatchObject({ status: 'active', waiting: 'paused' });
  await stack.tell(meanwhile, 'pause on');
  expect([stack.mails(before), stack.mails(meanwhile)]).toEqual([0, 0]);

  await stack.admin('POST', '/v1/journeys/pause/resume');
  for (const user of [before, meanwhile]) await until('the mail', () => stack.mails(user, 'hello') === 1);
});

test('users in a journey finish on their version if the next one says so, whatever is published later', async () => {
  const steps = (template: string): JsonObject[] => [wait('go', 'finish on'), mail(`send ${template}`, template)];
  await publish('finish', begun('finish', steps('hello')));
  const early = await begin('finish', 'go');
  const staying = await begin('finish', 'go');
  await publish('finish', begun('finish', steps('later'), { version: 'finish' }));
  const late = await begin('finish', 'go');
  await stack.tell(early, 'finish on');
  await until('the old mail', () => stack.mails(early, 'hello') === 1);

  await stack.admin('POST', '/v1/journeys/finish/rollback', { version: 2, author: 'ada' });
  await stack.tell(staying, 'finish on');
  await until('the mail of the version they entered under', () => stack.mails(staying, 'hello') === 1);
  await stack.tell(late, 'finish on');
  await until('the new mail', () => stack.mails(late, 'later') === 1);
});

test('a change of a trait lets users enter and ends waits; the same value again does nothing', async () => {
  await publish('change', {
    enter: { kind: 'event', event: 'Trait Changed: plan', where: { to: 'trial' } },
    steps: [
      {
        kind: 'waitFor',
        step: 'pro',
        events: [{ event: 'Trait Changed: plan', where: { to: 'pro' } }],
        within: '90 days',
      },
      mail('thanks', 'hello'),
    ],
  });
  const [ada, bob] = [stack.newUser(), stack.newUser()];
  await stack.identify(bob, { plan: 'free' });
  await stack.identify(ada, { plan: 'trial' });
  await until('the wait', async () => (await stack.run(ada))?.position === 'pro');
  await stack.identify(ada, { plan: 'trial' });
  await stack.identify(ada, { plan: 'pro' });
  await until('the mail', () => stack.mails(ada, 'hello') === 1);
  expect(await stack.run(ada)).toMatchObject({ status: 'completed' });
  expect(await stack.run(bob)).toBeUndefined();
  const { rows } = await stack.database.pool.query(
    "SELECT properties FROM events WHERE user_id = $1 AND name LIKE 'Trait Changed%' ORDER BY id",
    [ada],
  );
  expect(rows).toMatchObject([
    { properties: { from: null, to: 'trial' } },
    { properties: { from: 'trial', to: 'pro' } },
  ]);
});
