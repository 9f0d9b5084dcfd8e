import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../support/until';
import { report } from './support/account';
import { cast, live } from './support/cast';
import { deploy, type Deployment } from './support/deployment';
import { random, SEED } from './support/random';
import { expectExactlyOnce } from './support/verdict';

const LIFECYCLES = 200;
const KILLS = 12;

let deployment: Deployment;
beforeEach(async () => void (deployment = await deploy()));
afterEach(() => deployment.stop());

test('workers killed at random moments: every decision once, no message lost', async () => {
  const { smtp } = deployment;
  const chance = random(SEED);
  const people = cast(LIFECYCLES);
  const workers = [await deployment.startWorker(), await deployment.startWorker()];
  // An answer that takes its time leaves room between acceptance and record.
  smtp.behave({ kind: 'slow', ms: 100 });

  let over = false;
  const living = async (): Promise<void> => {
    await live(deployment, people);
    over = true;
  };
  const killing = async (): Promise<void> => {
    for (let kill = 0; kill < KILLS; kill++) {
      // The random moment itself: any, or just after a mail was taken.
      await pause(chance.between(0, 2_000));
      const mails = smtp.messages.length;
      // On a busy machine the last mail may come before the last kill.
      if (kill % 2 === 0) await until('the next mail', () => over || smtp.messages.length > mails, { everyMs: 5 });
      const victim = chance.between(0, workers.length);
      await workers[victim]?.stop('SIGKILL');
      workers[victim] = await deployment.startWorker();
    }
  };
  await Promise.all([killing(), living()]);

  const counts = await expectExactlyOnce(deployment, people);
  report('SIGKILL', { seed: SEED, lifecycles: LIFECYCLES, kills: KILLS, ...counts });
});
