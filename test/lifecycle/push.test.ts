import { join } from 'node:path';
import { createPushDevices } from '../../store/push-devices';
import { startFcm, fcmError, type FakeFcm } from '../fakes/fcm';
import { startLine } from '../fakes/line';
import type { FakeService } from '../fakes/service';
import { startSlack } from '../fakes/slack';
import { startWebhookEndpoint } from '../fakes/webhook-endpoint';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

let stack: TestLifecycle;
let google: FakeFcm;
let line: FakeService;
let crm: FakeService;
let sales: FakeService;
beforeAll(async () => {
  [stack, google, line, crm, sales] = await Promise.all([
    startLifecycle({ journeysPath: join(__dirname, 'journeys-by-device') }),
    startFcm(),
    startLine(),
    startWebhookEndpoint(SECRET),
    startSlack(),
  ]);
  Object.assign(process.env, {
    FCM_SERVICE_ACCOUNT: google.serviceAccount,
    FCM_URL: google.url,
    LINE_CHANNEL_ACCESS_TOKEN: 'line-token',
    LINE_API_URL: line.url,
    WEBHOOK_URL: crm.url,
    WEBHOOK_SECRET: SECRET,
    SLACK_WEBHOOK_URL: `${sales.url}/services/T0/B0/x`,
  });
  await stack.startWorker();
});
afterAll(async () => {
  await stack.stop();
  await Promise.all([google.stop(), line.stop(), crm.stop(), sales.stop()]);
});

const pushes = (): unknown[] =>
  google.received.filter(({ path }) => path !== '/token').map(({ body }) => JSON.parse(body) as unknown);
const messages = (userId: string): Promise<object[]> =>
  stack.database
    .knex('messages')
    .where({ user_id: userId })
    .orderBy('decided_at')
    .select('step', 'channel', 'status', 'provider');

async function withDevice(userId: string, token: string): Promise<void> {
  await stack.track(userId, 'Opened', {}, { traits: { lineId: `U${userId}` } });
  const device = { service: 'fcm', token, platform: 'android', app: null, locale: null } as const;
  expect(await createPushDevices(stack.database).add(userId, device, 1)).toBe(true);
}

const sent = async (userId: string): Promise<boolean> =>
  (await messages(userId)).filter((message) => (message as { status: string }).status === 'sent').length === 3;

test('a person with a device gets a push, and the company hears of it', async () => {
  const ada = stack.newUser();
  await withDevice(ada, 'pixel');
  await stack.track(ada, 'Parcel Sent', { parcel: 'P7' }, { traits: {} });
  await until('all are sent', () => sent(ada));
  expect(await messages(ada)).toEqual(
    expect.arrayContaining([
      { step: 'person', channel: 'push', status: 'sent', provider: 'fcm' },
      { step: 'crm', channel: 'webhook', status: 'sent', provider: 'crm' },
      { step: 'sales', channel: 'slack', status: 'sent', provider: 'sales' },
    ]),
  );
  expect(pushes()).toMatchObject([
    { message: { token: 'pixel', notification: { title: 'Your parcel', body: 'P7 is on its way' } } },
  ]);
  expect(JSON.parse(crm.received[0]?.body ?? '')).toMatchObject({
    type: 'parcel.sent',
    userId: ada,
    data: { parcel: 'P7', weight: 3 },
  });
  expect(sales.received[0]?.body).toContain('P7 was sent');
  expect(line.received).toEqual([]);
  expect(await stack.readableHistory(ada)).not.toContain('pixel');
});

test('a person without a device is reached by the channel of the team’s own', async () => {
  const eve = stack.newUser();
  await stack.track(eve, 'Parcel Sent', { parcel: 'P8' }, { traits: { lineId: `U${eve}` } });
  await until('all are sent', () => sent(eve));
  expect(await messages(eve)).toEqual(
    expect.arrayContaining([{ step: 'person', channel: 'line', status: 'sent', provider: 'line' }]),
  );
  expect(JSON.parse(line.received[0]?.body ?? '')).toMatchObject({ to: `U${eve}` });
});

test('a device that FCM does not know any more is removed, and the next message takes the next channel', async () => {
  const bob = stack.newUser();
  await withDevice(bob, 'old');
  google.misbehave(fcmError(404, 'UNREGISTERED'));
  await stack.track(bob, 'Parcel Sent', { parcel: 'P9' }, { traits: {} });
  await until('the device is gone', async () => (await createPushDevices(stack.database).list(bob)).length === 0);
  await stack.track(bob, 'Parcel Sent', { parcel: 'P10' }, { traits: {} });
  await until('the next message', async () =>
    (await messages(bob)).some((message) => (message as { channel: string }).channel === 'line'),
  );
});
