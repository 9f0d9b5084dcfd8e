import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../support/until';
import { report } from './support/account';
import { begin, cast, end, react, underWay } from './support/cast';
import { deploy, type Deployment } from './support/deployment';
import { random, SEED } from './support/random';
import { expectExactlyOnce } from './support/verdict';

const LIFECYCLES = 200;
const KILLS = 12;
/** As many begin just before each kill, in all roles, so that it finds somebody under way however long a worker takes to start. */
const BEFORE_EACH = 8;
const AT_ONCE = LIFECYCLES - KILLS * BEFORE_EACH;

let deployment: Deployment;
beforeEach(async () => void (deployment = await deploy()));
afterEach(() => deployment.stop());

test('workers killed at random moments: every decision once, no message lost', async () => {
  const { smtp, database } = deployment;
  const chance = random(SEED);
  const people = cast(LIFECYCLES);
  const leavers = new Set(people.flatMap(({ id, role }) => (role === 'leaver' ? [`${id}@example.com`] : [])));
  const workers = [await deployment.startWorker(), await deployment.startWorker()];

  /** All workers at once, while the server owes them an answer. Answers the mails it had taken. */
  const killInTheMidst = async (): Promise<ReadonlySet<string>> => {
    // What a leaver was to get may be withdrawn before anybody tries again.
    const taken = (): string[] => smtp.messages.flatMap(({ to, messageId }) => (leavers.has(to) ? [] : [messageId]));
    await until('a mail that has to come again', () => taken().length > 0, { everyMs: 5 });
    await Promise.all(workers.map((worker) => worker.stop('SIGKILL')));
    const cut = new Set(taken());
    // An answer that takes its time leaves room between acceptance and record.
    smtp.behave({ kind: 'slow', ms: 100 });
    workers.splice(0, Infinity, ...(await Promise.all(workers.map(() => deployment.startWorker()))));
    return cut;
  };
  let midway = 0;
  const kill = async (number: number): Promise<void> => {
    const from = AT_ONCE + number * BEFORE_EACH;
    await begin(deployment, people.slice(from, from + BEFORE_EACH));
    // The random moment itself: any, or just after a mail was taken.
    await pause(chance.between(0, 2_000));
    const mails = smtp.messages.length;
    if (number % 2 === 0) await until('the next mail', () => smtp.messages.length > mails, { everyMs: 5 });
    if ((await underWay(database)) > 0) midway++;
    const victim = chance.between(0, workers.length);
    await workers[victim]?.stop('SIGKILL');
    workers[victim] = await deployment.startWorker();
  };
  const killing = async (): Promise<ReadonlySet<string>> => {
    const cut = await killInTheMidst();
    for (let number = 0; number < KILLS; number++) await kill(number);
    return cut;
  };
  smtp.behave({ kind: 'silent' });
  const [cut] = await Promise.all([killing(), begin(deployment, people.slice(0, AT_ONCE)), react(deployment, people)]);
  // How long the kills took counts for nothing.
  await end(deployment);

  const counts = await expectExactlyOnce(deployment, people);
  expect(counts.duplicates).toBeGreaterThanOrEqual(cut.size);
  report('SIGKILL', {
    seed: SEED,
    lifecycles: LIFECYCLES,
    'mails cut short at once': cut.size,
    kills: KILLS,
    'of them midway': midway,
    ...counts,
  });
});
