import { randomUUID } from 'node:crypto';
import { MOST_PREVIOUS_IDS } from '../../store/merge-users';
import { until } from '../support/until';
import { report } from './support/account';
import { beginning, cast } from './support/cast';
import { deploy, type Deployment } from './support/deployment';

/** Anyone with the write key can send thousands of aliases. They cost the API a bounded amount of work, and others go on. */

let deployment: Deployment;
beforeEach(async () => void (deployment = await deploy()));
afterEach(() => deployment.stop());

/** Requests at once, and aliases in each of them: as many as a body has room for. */
const REQUESTS = 12;
const ALIASES = 3_000;

/** Makes thousands of visitors one user. */
function attack(_: unknown, attacker: number): Promise<number> {
  const batch = Array.from({ length: ALIASES }, (__, n) => ({
    type: 'alias',
    messageId: randomUUID(),
    userId: 'mallory',
    previousId: `${attacker}-${n}`,
  }));
  return deployment.postAny(batch);
}

test('a newcomer is welcomed while thousands of aliases come in', async () => {
  await deployment.startWorker();
  const attacks = Array.from({ length: REQUESTS }, attack);
  const [newcomer] = cast(1);
  if (!newcomer) throw new Error('There is one person.');
  const refused = await deployment.post(beginning(newcomer));
  await until(
    'the newcomer is welcomed',
    async () => (await deployment.count(`messages WHERE user_id = $1 AND status = 'sent'`, [newcomer.id])) > 0,
  );
  const statuses = await Promise.all(attacks);
  // Requests that wait too long for one user give up, and nobody else has to.
  expect([200, 422, 503]).toEqual(expect.arrayContaining([...new Set(statuses)]));
  expect(refused).toBe(0);
  expect(await deployment.count('aliases WHERE user_id = $1', ['mallory'])).toBe(MOST_PREVIOUS_IDS);
  report('thousands of aliases', { requests: REQUESTS, aliases: REQUESTS * ALIASES });
});
