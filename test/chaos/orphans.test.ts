import { randomUUID } from 'node:crypto';
import { createClient } from '../../temporal/connection';
import { workflowId } from '../../temporal/signal';
import { testTemporal } from '../support/temporal';
import { until } from '../support/until';
import { report } from './support/account';
import { beginning, cast, touring, type Person } from './support/cast';
import { deploy, type Deployment } from './support/deployment';

let deployment: Deployment;
beforeEach(async () => void (deployment = await deploy()));
afterEach(() => deployment.stop());

/** If each time doubled the pause before the next, the last would be minutes. */
const OFTEN = 7;

const begin = (): Promise<number> => deployment.post(beginning(cast(1, ['sleeper'])[0] as Person));
/** Message-IDs of the mails of a step: the fixture's subjects are its steps. */
const mails = (step: string): string[] =>
  deployment.smtp.messages.filter(({ subject }) => subject === step).map(({ messageId }) => messageId);

interface Row {
  readonly status: string;
  readonly attempts: number;
}

async function message(step: string): Promise<Row | undefined> {
  const { rows } = await deployment.database.pool.query<Row>('SELECT status, attempts FROM messages WHERE step = $1', [
    step,
  ]);
  return rows[0];
}

/** Another worker takes over; both mails are the same one. */
async function expectSameAgain(scenario: string, step: string): Promise<void> {
  const killed = Date.now();
  const { attempts } = (await message(step)) ?? { attempts: 0 };
  deployment.smtp.behave({ kind: 'accept' });
  await deployment.startWorker();
  await until('the second mail is recorded', async () => (await message(step))?.status === 'sent');
  report(scenario, { 'seconds until the next attempt': Math.round((Date.now() - killed) / 1000) });
  expect(await message(step)).toEqual({ status: 'sent', attempts: attempts + 1 });
  expect(mails(step)).toEqual([mails(step)[0], mails(step)[0]]);
}

/** How often Temporal has asked for what it is asking for now. */
async function asked(userId: string): Promise<number> {
  const client = createClient(testTemporal());
  try {
    const { raw } = await client.workflow.getHandle(workflowId(userId)).describe();
    return raw.pendingActivities?.[0]?.attempt ?? 0;
  } finally {
    await client.connection.close();
  }
}

test('a first attempt that dies between acceptance and record is repeated under the same Message-ID', async () => {
  const worker = await deployment.startWorker();
  deployment.smtp.behave({ kind: 'silent' });
  await begin();
  await until('the server has the mail', () => mails('welcome').length === 1);
  await worker.stop('SIGKILL');
  await expectSameAgain('killed during a first attempt', 'welcome');
});

test('a later attempt that dies between acceptance and record is repeated under the same Message-ID', async () => {
  const worker = await deployment.startWorker();
  deployment.smtp.behave({ kind: 'refuse', code: 451 });
  await begin();
  await until('the first attempt has failed', async () => (await message('welcome'))?.status === 'retrying');
  deployment.smtp.behave({ kind: 'silent' });
  await until('the server has the mail', () => mails('welcome').length === 1);
  await worker.stop('SIGKILL');
  await expectSameAgain('killed during a later attempt', 'welcome');
});

test('an attempt that dies is repeated as soon as ever, however often the message was asked for in vain', async () => {
  const { database, smtp } = deployment;
  const tourist = { id: randomUUID() };
  const worker = await deployment.startWorker();
  smtp.behave({ kind: 'refuse', code: 451 });
  await deployment.post(touring(tourist));
  await until('the first attempt has failed', async () => (await message('souvenir'))?.status === 'retrying');
  // No attempt begins while something has not been looked at: Temporal asks again, every second.
  const overlooked = (pending: boolean): Promise<unknown> =>
    database.pool.query(`UPDATE events SET pending = $1 WHERE name = 'Stop Reached'`, [pending]);
  await until('it was asked for often', async () => {
    await overlooked(true);
    return (await asked(tourist.id)) >= OFTEN;
  });
  smtp.behave({ kind: 'silent' });
  await overlooked(false);
  await until('the server has the mail', () => mails('souvenir').length === 1);
  await worker.stop('SIGKILL');
  await expectSameAgain('killed after having been asked for often', 'souvenir');
});
