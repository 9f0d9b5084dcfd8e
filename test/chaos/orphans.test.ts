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

/** Attempts of the activity. If each doubled the pause before the next, the last pause would be minutes. */
const MANY_ATTEMPTS = 7;

const begin = (): Promise<number> => deployment.post(beginning(cast(1, ['sleeper'])[0] as Person));
/** Returns the Message-IDs of the mails of a step. In the fixture journeys, the subject of a mail is its step. */
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

/** Starts another worker, and expects it to send the same mail again under the same Message-ID. */
async function expectSameMailAgain(scenario: string, step: string): Promise<void> {
  const killed = Date.now();
  const { attempts } = (await message(step)) ?? { attempts: 0 };
  deployment.smtp.behave({ kind: 'accept' });
  await deployment.startWorker();
  await until('the second mail is recorded', async () => (await message(step))?.status === 'sent');
  report(scenario, { 'seconds until the next attempt': Math.round((Date.now() - killed) / 1000) });
  expect(await message(step)).toEqual({ status: 'sent', attempts: attempts + 1 });
  expect(mails(step)).toEqual([mails(step)[0], mails(step)[0]]);
}

/** Returns the attempts of the pending activity. */
async function attemptsOf(userId: string): Promise<number> {
  const client = createClient(testTemporal());
  try {
    const { raw } = await client.workflow.getHandle(workflowId(userId)).describe();
    return raw.pendingActivities?.[0]?.attempt ?? 0;
  } finally {
    await client.connection.close();
  }
}

test('a first attempt killed between acceptance and record is repeated under the same Message-ID', async () => {
  const worker = await deployment.startWorker();
  deployment.smtp.behave({ kind: 'silent' });
  await begin();
  await until('the server has the mail', () => mails('welcome').length === 1);
  await worker.stop('SIGKILL');
  await expectSameMailAgain('killed during a first attempt', 'welcome');
});

test('a later attempt killed between acceptance and record is repeated under the same Message-ID', async () => {
  const worker = await deployment.startWorker();
  deployment.smtp.behave({ kind: 'refuse', code: 451 });
  await begin();
  await until('the first attempt has failed', async () => (await message('welcome'))?.status === 'retrying');
  deployment.smtp.behave({ kind: 'silent' });
  await until('the server has the mail', () => mails('welcome').length === 1);
  await worker.stop('SIGKILL');
  await expectSameMailAgain('killed during a later attempt', 'welcome');
});

test('a killed attempt is repeated promptly, even after many fruitless attempts of the activity', async () => {
  const { database, smtp } = deployment;
  const tourist = { id: randomUUID() };
  const worker = await deployment.startWorker();
  smtp.behave({ kind: 'refuse', code: 451 });
  await deployment.post(touring(tourist));
  await until('the first attempt has failed', async () => (await message('souvenir'))?.status === 'retrying');
  // No delivery begins while an event is pending. Temporal retries the activity every second.
  const setPending = (pending: boolean): Promise<unknown> =>
    database.pool.query(`UPDATE events SET pending = $1 WHERE name = 'Stop Reached'`, [pending]);
  await until('the activity was attempted often', async () => {
    await setPending(true);
    return (await attemptsOf(tourist.id)) >= MANY_ATTEMPTS;
  });
  smtp.behave({ kind: 'silent' });
  await setPending(false);
  await until('the server has the mail', () => mails('souvenir').length === 1);
  await worker.stop('SIGKILL');
  await expectSameMailAgain('killed after many attempts of the activity', 'souvenir');
});
