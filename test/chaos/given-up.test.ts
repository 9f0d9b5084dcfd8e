import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createPushDevices } from '../../store/push-devices';
import { fcmError, startFcm, type FakeFcm } from '../fakes/fcm';
import { areWaiting, holdUser } from '../support/locks';
import { until } from '../support/until';
import { deploy, type Call, type Deployment } from './support/deployment';
import { killWhileStoring } from './support/kill-while-storing';

/** A push is followed by an email, after 300 days or as soon as it is given up. */
const JOURNEYS = join(__dirname, '..', 'lifecycle', 'journeys-falling-back');

let deployment: Deployment;
let google: FakeFcm;
/** Another one in each test, since a workflow that a killed worker leaves behind has the id of its user. */
let ada: string;
beforeEach(async () => {
  ada = `ada-${randomUUID()}`;
  google = await startFcm();
  const providers = { FCM_SERVICE_ACCOUNT: google.serviceAccount, FCM_URL: google.url };
  deployment = await deploy({ journeysPath: JOURNEYS, providers });
});
afterEach(async () => {
  await deployment.stop();
  await google.stop();
});

const call = (more: Omit<Call, 'userId' | 'messageId' | 'timestamp'>): Call => ({
  userId: ada,
  messageId: `${ada} ${more.event ?? more.type}`,
  timestamp: new Date().toISOString(),
  ...more,
});

test.each([
  ['before its run is told', true],
  ['after its run is told, before that is noted', false],
])('a worker killed when it has given a message up, %s: the next one follows once', async (_, isLost) => {
  const { database, smtp } = deployment;
  await deployment.post([call({ type: 'identify', traits: { email: 'ada@example.com' } })]);
  const device = { service: 'fcm', token: 'pixel', platform: 'android', app: null, locale: null } as const;
  expect(await createPushDevices(database).add(ada, device, 1)).toBe(true);
  const worker = await deployment.startWorker();
  google.misbehave('hangs', fcmError(400, 'SENDER_ID_MISMATCH'));
  await deployment.post([call({ type: 'track', event: 'Parcel Waits' })]);
  await until('the push is on its way', () => google.received.length > 0);
  // The event can't be stored while Ada's row is locked.
  const release = await holdUser(database.knex, ada);
  google.release();
  await until('the push is given up, and its event waits to be stored', async () => {
    return (await deployment.count('given_up_messages')) === 1 && areWaiting(database.pool, 1);
  });
  await killWhileStoring(deployment, { worker, event: 'Message Failed', release }, isLost);
  expect(smtp.messages).toHaveLength(0);
  await deployment.startWorker();
  await until('the run is over', async () => (await deployment.count(`runs WHERE status = 'completed'`)) === 1);
  await until('the email is sent', async () => (await deployment.count(`messages WHERE status = 'sent'`)) === 1);
  await until('nothing is left to report', async () => (await deployment.count('given_up_messages')) === 0);
  expect(await deployment.count(`events WHERE name = 'Message Failed'`)).toBe(1);
  expect(smtp.messages).toHaveLength(1);
});
