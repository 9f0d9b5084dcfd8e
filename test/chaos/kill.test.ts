import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../support/until';
import { report } from './support/account';
import { begin, cast, end, react, underWay } from './support/cast';
import { deploy, type Deployment } from './support/deployment';
import { random, SEED } from './support/random';
import { expectExactlyOnce } from './support/verdict';

const LIFECYCLES = 200;
const KILLS = 12;
/** Lifecycles that begin just before each kill, in all roles, so that some are in progress even if a worker starts slowly. */
const BEFORE_EACH = 8;
const AT_ONCE = LIFECYCLES - KILLS * BEFORE_EACH;

let deployment: Deployment;
beforeEach(async () => void (deployment = await deploy()));
afterEach(() => deployment.stop());

test('workers killed at random times: every decision is made once, no message is lost', async () => {
  const { smtp, database } = deployment;
  const chance = random(SEED);
  const people = cast(LIFECYCLES);
  const leavers = new Set(people.flatMap(({ id, role }) => (role === 'leaver' ? [`${id}@example.com`] : [])));
  const workers = [await deployment.startWorker(), await deployment.startWorker()];

  /** Kills all workers while they wait for a response of the SMTP server. Returns the Message-IDs it had accepted. */
  const killDuringDeliveries = async (): Promise<ReadonlySet<string>> => {
    // Mails to leavers do not count: they may be withdrawn before the next attempt.
    const accepted = (): string[] => smtp.messages.flatMap(({ to, messageId }) => (leavers.has(to) ? [] : [messageId]));
    await until('the server has a mail that must be sent again', () => accepted().length > 0, { everyMs: 5 });
    await Promise.all(workers.map((worker) => worker.stop('SIGKILL')));
    const cut = new Set(accepted());
    // Slow responses widen the gap between acceptance and record, in which a kill matters.
    smtp.behave({ kind: 'slow', ms: 100 });
    workers.splice(0, Infinity, ...(await Promise.all(workers.map(() => deployment.startWorker()))));
    return cut;
  };
  let midway = 0;
  const kill = async (number: number): Promise<void> => {
    const from = AT_ONCE + number * BEFORE_EACH;
    await begin(deployment, people.slice(from, from + BEFORE_EACH));
    // Every other kill waits for the next mail, so that it happens just after the server has accepted one.
    await pause(chance.between(0, 2_000));
    const mails = smtp.messages.length;
    if (number % 2 === 0) await until('the next mail', () => smtp.messages.length > mails, { everyMs: 5 });
    if ((await underWay(database)) > 0) midway++;
    const victim = chance.between(0, workers.length);
    await workers[victim]?.stop('SIGKILL');
    workers[victim] = await deployment.startWorker();
  };
  const killing = async (): Promise<ReadonlySet<string>> => {
    const cut = await killDuringDeliveries();
    for (let number = 0; number < KILLS; number++) await kill(number);
    return cut;
  };
  smtp.behave({ kind: 'silent' });
  const [cut] = await Promise.all([killing(), begin(deployment, people.slice(0, AT_ONCE)), react(deployment, people)]);
  // Waits here, so that the time of the kills does not count against the timeout.
  await end(deployment);

  const counts = await expectExactlyOnce(deployment, people);
  expect(counts.duplicates).toBeGreaterThanOrEqual(cut.size);
  report('SIGKILL', {
    seed: SEED,
    lifecycles: LIFECYCLES,
    'mails interrupted by the first kill': cut.size,
    kills: KILLS,
    'kills with work in progress': midway,
    ...counts,
  });
});
