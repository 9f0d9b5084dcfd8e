import { until } from '../support/until';
import { report } from './support/account';
import { cast, live } from './support/cast';
import { deploy, type Deployment } from './support/deployment';
import { expectExactlyOnce } from './support/verdict';

const LIFECYCLES = 60;
const SHUTDOWNS = 3;

let deployment: Deployment;
beforeEach(async () => void (deployment = await deploy()));
afterEach(() => deployment.stop());

test('workers stopped during deliveries finish them, so that nothing is sent twice', async () => {
  const { smtp } = deployment;
  const people = cast(LIFECYCLES);
  let worker = await deployment.startWorker();
  smtp.behave({ kind: 'slow', ms: 300 });
  const lives = live(deployment, people);
  const ends: string[] = [];
  // On a busy machine, a worker may take longer to start than the lives take to end.
  const all = { over: false };
  void lives.then(() => (all.over = true));
  while (ends.length < SHUTDOWNS && !all.over) {
    const mails = smtp.messages.length;
    await until('a delivery', () => smtp.messages.length > mails || all.over, { everyMs: 5 });
    const successor = deployment.startWorker();
    await worker.stop('SIGTERM');
    ends.push(await worker.exited);
    worker = await successor;
  }
  await lives;
  const counts = await expectExactlyOnce(deployment, people);
  expect(ends.length).toBeGreaterThan(0);
  expect(ends).toEqual(ends.map((): unknown => expect.stringContaining('(code 0)')));
  expect(counts.duplicates).toBe(0);
  report('SIGTERM', { lifecycles: LIFECYCLES, shutdowns: ends.length, ...counts });
});
