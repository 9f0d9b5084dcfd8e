import { until } from '../support/until';
import { begin, cast } from './support/cast';
import { deploy, type Deployment } from './support/deployment';

const PEOPLE = 24;
const SWITCH = '/v1/switches/channel:email';

let deployment: Deployment;
beforeEach(async () => void (deployment = await deploy()));
afterEach(() => deployment.stop());

test('workers killed while emails are stopped and go on again: nothing is sent meanwhile, and nothing is lost', async () => {
  const { smtp, count, admin } = deployment;
  expect(await admin('PUT', SWITCH, { mode: 'hold', reason: 'a test', by: 'grace' })).toBe(200);
  const workers = [await deployment.startWorker(), await deployment.startWorker()];
  const replace = async (index: number): Promise<void> => {
    await workers[index]?.stop('SIGKILL');
    workers[index] = await deployment.startWorker();
  };
  const held = (): Promise<number> => count('stopped_messages WHERE target IS NOT NULL');

  const beginning = begin(deployment, cast(PEOPLE, ['sleeper']));
  await until('some messages are held', async () => (await held()) > 2);
  await replace(0);
  await beginning;
  await until('everybody is held', async () => (await held()) >= PEOPLE, { timeoutMs: 300_000 });
  expect(smtp.messages).toEqual([]);

  expect(await admin('DELETE', `${SWITCH}?reason=over&by=grace`)).toBe(204);
  await until('the first mail', () => smtp.messages.length > 0, { everyMs: 5 });
  await replace(1);
  const firstMails = (): Set<string> => new Set(smtp.messages.map(({ to }) => to));
  await until('a mail to everybody', () => firstMails().size === PEOPLE, { timeoutMs: 300_000 });
  expect(await held()).toBe(0);
  // A mail that a killed worker had handed over without recording it is repeated under the same id, which mail programs know.
  await until(
    'each mail is recorded',
    async () => {
      const recorded = await count("messages WHERE channel = 'email' AND status = 'sent'");
      return recorded === new Set(smtp.messages.map(({ messageId }) => messageId)).size;
    },
    { timeoutMs: 300_000 },
  );
});
