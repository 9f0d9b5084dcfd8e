import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { findUser } from '../../store/users';
import { startFlakyService, type FlakyService } from '../support/flaky-service';
import { until } from '../support/until';
import { deploy, type Deployment } from './support/deployment';

let deployment: Deployment;
let service: FlakyService;
beforeEach(async () => {
  deployment = await deploy({ journeysPath: join(__dirname, '..', 'lifecycle', 'journeys-calling') });
  service = await startFlakyService(Infinity);
});
afterEach(() => Promise.all([deployment.stop(), service.stop()]));

test('a worker killed between two attempts of a call: none is lost, and none is made beyond the limit', async () => {
  const { database } = deployment;
  const worker = await deployment.startWorker();
  const userId = randomUUID();
  await deployment.post([
    {
      type: 'track',
      userId,
      messageId: randomUUID(),
      timestamp: new Date().toISOString(),
      event: 'Coupon Asked',
      properties: { service: service.url, onFailure: 'null' },
    },
  ]);
  await until('the first failure', async () => (await deployment.count('call_failures')) === 1, { everyMs: 5 });
  await worker.stop('SIGKILL');
  const made = service.keys.length;
  await deployment.startWorker();
  await until('the end', async () => (await findUser(database, userId))?.traits['coupon'] === 'none');
  expect([made, service.keys.length]).toEqual([1, 3]);
});
