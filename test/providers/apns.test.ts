import { generateKeyPairSync } from 'node:crypto';
import { apns } from '../../activities/providers/apns';
import type { DeviceMessage } from '../../activities/providers/device-message';
import type { Provider } from '../../activities/providers/provider';
import { freePort } from '../../dev/port';
import { unhurried } from '../channels/fixture';
import { startApns, type FakeApns } from '../fakes/apns';
import { outgoing } from './outgoing';
import { withheld } from './withheld';

const TOKEN = 'ab12'.repeat(16);
const message: DeviceMessage = {
  platform: 'ios',
  app: null,
  content: { title: 'Your order', body: 'is on its way', url: '/orders/7', data: { order: '7' }, badge: 2 },
};

let service: FakeApns;
let provider: Provider<DeviceMessage>;

beforeEach(async () => {
  service = await startApns();
  provider = open(service.key);
});
afterEach(async () => {
  await provider.close();
  await service.stop();
});

function open(key: string, url = service.url): Provider<DeviceMessage> {
  return apns({ key, keyId: 'KEY', teamId: 'TEAM', topic: 'com.example.app', url, timeoutMs: 3_000 });
}

const send = (one = outgoing(TOKEN, message)) => provider.send(one, unhurried());

test('an app gets a message, with our id for it', async () => {
  const one = outgoing(TOKEN, message, { ttlMs: 60_000 });
  expect(await send(one)).toEqual({ delivery: { outcome: 'sent', providerId: one.id }, mayBeTaken: true });
  const [request] = service.received;
  expect(request?.headers).toMatchObject({
    ':path': `/3/device/${TOKEN}`,
    'apns-id': one.id,
    'apns-topic': 'com.example.app',
    'apns-push-type': 'alert',
    'apns-priority': '5',
    'apns-collapse-id': one.id,
  });
  expect(Number(request?.headers['apns-expiration'])).toBeGreaterThan(Date.now() / 1_000);
  expect(request?.payload).toEqual({
    aps: { alert: { title: 'Your order', body: 'is on its way' }, badge: 2 },
    order: '7',
    messageId: one.id,
    url: '/orders/7',
  });
});

test('what a template says of image, sound, actions and interruption reaches the device', async () => {
  const rich = {
    ...message,
    app: 'com.example.other',
    content: {
      ...message.content,
      image: 'https://cdn.example.com/7.png',
      sound: 'ding.caf',
      category: 'ORDER',
      interruption: 'time-sensitive' as const,
      collapseKey: 'order-7',
    },
  };
  await send(outgoing(TOKEN, rich, { transactional: true }));
  const [request] = service.received;
  expect(request?.headers).toMatchObject({
    'apns-topic': 'com.example.other',
    'apns-priority': '10',
    'apns-collapse-id': 'order-7',
  });
  expect(request?.payload).toMatchObject({
    aps: { sound: 'ding.caf', category: 'ORDER', 'interruption-level': 'time-sensitive', 'mutable-content': 1 },
    image: 'https://cdn.example.com/7.png',
  });
});

test('all messages go over one connection with one token', async () => {
  await Promise.all([1, 2, 3].map(() => send()));
  await send();
  expect(service.connections).toBe(1);
  expect(new Set(service.received.map(({ headers }) => headers.authorization)).size).toBe(1);
});

test('after a GOAWAY the next message opens another connection', async () => {
  service.misbehave('goaway');
  expect(await send()).toMatchObject({ delivery: { outcome: 'sent' } });
  expect(await send()).toMatchObject({ delivery: { outcome: 'sent' } });
  expect(service.connections).toBe(2);
});

test('a refused stream was surely not processed', async () => {
  service.misbehave('refuses');
  expect(await send()).toMatchObject({ delivery: { outcome: 'retry', code: 'REFUSED_STREAM' }, mayBeTaken: false });
  expect(await send()).toMatchObject({ delivery: { outcome: 'sent' } });
});

test.each(['closes', 'hangs'] as const)(
  'a service that %s may have taken the message, and the next one opens another connection',
  async (way) => {
    service.misbehave(way);
    expect(await send()).toMatchObject({ delivery: { outcome: 'retry', code: expect.any(String) }, mayBeTaken: true });
    expect(await send()).toMatchObject({ delivery: { outcome: 'sent' } });
    expect(service.connections).toBe(2);
  },
);

test('a service that is away has surely not taken the message', async () => {
  const away = open(service.key, `http://127.0.0.1:${await freePort()}`);
  expect(await away.send(outgoing(TOKEN, message), unhurried())).toMatchObject({
    delivery: { outcome: 'retry', code: 'ECONNREFUSED' },
    mayBeTaken: false,
  });
  await away.close();
});

test.each([
  [410, 'Unregistered'],
  [410, 'ExpiredToken'],
  [400, 'BadDeviceToken'],
])('%i %s means that the token is dead', async (status, reason) => {
  service.misbehave({ status, reason });
  expect(await send()).toEqual({
    delivery: {
      outcome: 'suppressed',
      cause: 'bounced',
      reason: 'bounced',
      detail: `${status} ${reason}`,
      deadAddress: TOKEN,
    },
    mayBeTaken: false,
  });
});

test.each([
  [400, 'DeviceTokenNotForTopic'],
  [400, 'BadCollapseId'],
  [413, 'PayloadTooLarge'],
])('%i %s ends the message, and keeps the device', async (status, reason) => {
  service.misbehave({ status, reason });
  const { delivery } = await send();
  expect(delivery).toMatchObject({ outcome: 'suppressed', cause: 'bounced' });
  expect(delivery).not.toHaveProperty('deadAddress');
});

test.each([
  [429, 'TooManyRequests'],
  [429, 'TooManyProviderTokenUpdates'],
  [403, 'ExpiredProviderToken'],
  [400, 'TopicDisallowed'],
  [500, 'InternalServerError'],
  [503, 'Shutdown'],
])('%i %s is tried again', async (status, reason) => {
  service.misbehave({ status, reason, headers: { 'retry-after': '9' } });
  expect(await send()).toEqual({
    delivery: { outcome: 'retry', code: `apns ${reason}`, detail: `${status} ${reason}`, afterMs: 9_000 },
    mayBeTaken: false,
  });
});

test('a key that APNs does not know is a failure that somebody can mend', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const other = open(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  expect(await other.send(outgoing(TOKEN, message), unhurried())).toMatchObject({
    delivery: { outcome: 'retry', code: 'apns InvalidProviderToken' },
  });
  await other.close();
});

test('a token that has expired is replaced', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'clearTimeout', 'queueMicrotask'] });
  await send();
  jest.setSystemTime(Date.now() + 46 * 60_000);
  await send();
  jest.useRealTimers();
  expect(new Set(service.received.map(({ headers }) => headers.authorization)).size).toBe(2);
});

test('a message that may not be sent any more does not reach the service', async () => {
  await expect(send(outgoing(TOKEN, message, { confirm: withheld }))).rejects.toMatchObject({ code: 'WITHHELD' });
  expect(service.received).toEqual([]);
});

test('a long body is cut to what the service takes', async () => {
  const long = { ...message, content: { ...message.content, body: '茶'.repeat(4_000) } };
  expect(await send(outgoing(TOKEN, long))).toMatchObject({ delivery: { outcome: 'sent' } });
  expect(Buffer.byteLength(JSON.stringify(service.received[0]?.payload))).toBeLessThanOrEqual(4_096);
});

test('what is no key is refused without a word of it', () => {
  expect(() => open('secret')).toThrow(/^The key for APNs is not the text of a \.p8 file/);
});
