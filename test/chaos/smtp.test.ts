import { until } from '../support/until';
import { report } from './support/account';
import { cast, live } from './support/cast';
import { deploy, type Deployment } from './support/deployment';
import { expectExactlyOnce } from './support/verdict';

const LIFECYCLES = 60;

let deployment: Deployment;
beforeEach(async () => void (deployment = await deploy()));
afterEach(() => deployment.stop());

test('an SMTP server that refuses, hangs up, goes down and is slow: every message arrives, under one Message-ID', async () => {
  const { smtp, database } = deployment;
  const people = cast(LIFECYCLES, ['builder', 'sleeper', 'late']);
  smtp.behave({ kind: 'refuse', code: 451 });
  await deployment.startWorker();
  const lives = live(deployment, people);
  const more = async (mails: number): Promise<void> => {
    const before = smtp.messages.length;
    await until(`${mails} more mails`, () => smtp.messages.length >= before + mails);
  };
  await until('refusals', () => smtp.refused.length >= 30);
  smtp.behave({ kind: 'close after DATA' });
  await more(15);
  smtp.down();
  await until('refused connections', async () => {
    const { rowCount } = await database.pool.query(`SELECT FROM messages WHERE last_error ~ 'ECONNREFUSED'`);
    return (rowCount ?? 0) >= 5;
  });
  smtp.behave({ kind: 'slow', ms: 500 });
  await smtp.up();
  await more(15);
  smtp.behave({ kind: 'accept' });
  await lives;
  const counts = await expectExactlyOnce(deployment, people);
  report('SMTP failing', { lifecycles: LIFECYCLES, refusals: smtp.refused.length, ...counts });
});
