import { until } from '../support/until';
import { report } from './support/account';
import { beginning, cast, type Person } from './support/cast';
import { deploy, type Deployment } from './support/deployment';

let deployment: Deployment;
beforeEach(async () => void (deployment = await deploy()));
afterEach(() => deployment.stop());

/** Longer than any test: whoever waits for this answer is killed before it comes. */
const NEVER_MS = 900_000;

const begin = (): Promise<number> => deployment.post(beginning(cast(1, ['sleeper'])[0] as Person));
const welcomes = (): string[] =>
  deployment.smtp.messages.filter(({ subject }) => subject === 'welcome').map(({ messageId }) => messageId);

interface Row {
  readonly status: string;
  readonly attempts: number;
}

async function welcome(): Promise<Row | undefined> {
  const { rows } = await deployment.database.pool.query<Row>(
    `SELECT status, attempts FROM messages WHERE step = 'welcome'`,
  );
  return rows[0];
}

/** Another worker takes over; both mails are the same one. */
async function expectSameAgain(scenario: string, attempts: number): Promise<void> {
  const killed = Date.now();
  deployment.smtp.behave({ kind: 'accept' });
  await deployment.startWorker();
  await until('the second mail is recorded', async () => (await welcome())?.status === 'sent');
  report(scenario, { 'seconds until the next attempt': Math.round((Date.now() - killed) / 1000) });
  expect(await welcome()).toEqual({ status: 'sent', attempts });
  expect(welcomes()).toEqual([welcomes()[0], welcomes()[0]]);
}

test('a first attempt that dies between acceptance and record is repeated under the same Message-ID', async () => {
  const worker = await deployment.startWorker();
  deployment.smtp.behave({ kind: 'slow', ms: NEVER_MS });
  await begin();
  await until('the server has the mail', () => welcomes().length === 1);
  await worker.stop('SIGKILL');
  await expectSameAgain('killed during a first attempt', 2);
});

test('a later attempt that dies between acceptance and record is repeated under the same Message-ID', async () => {
  const worker = await deployment.startWorker();
  deployment.smtp.behave({ kind: 'refuse', code: 451 });
  await begin();
  await until('the first attempt has failed', async () => (await welcome())?.status === 'retrying');
  deployment.smtp.behave({ kind: 'slow', ms: NEVER_MS });
  await until('the server has the mail', () => welcomes().length === 1);
  await worker.stop('SIGKILL');
  await expectSameAgain('killed during a later attempt', 3);
});
