import { fcm } from '../../activities/providers/fcm';
import type { DeviceMessage } from '../../activities/providers/device-message';
import type { Provider } from '../../activities/providers/provider';
import { unhurried } from '../channels/fixture';
import { fcmError, startFcm, type FakeFcm } from '../fakes/fcm';
import { outgoing } from './outgoing';
import { withheld } from './withheld';

const message: DeviceMessage = {
  platform: 'android',
  app: null,
  content: {
    title: 'Your order',
    body: 'is on its way',
    url: 'shop://orders/7',
    image: 'https://cdn.example.com/7.png',
    data: { order: '7' },
    badge: 2,
    sound: 'default',
    category: 'ORDER',
    androidChannel: 'orders',
  },
};

let service: FakeFcm;
let provider: Provider<DeviceMessage>;

beforeEach(async () => {
  service = await startFcm();
  provider = fcm({ serviceAccount: service.serviceAccount, url: service.url, timeoutMs: 3_000 });
});
afterEach(async () => {
  await provider.close();
  await service.stop();
});

/** The messages that FCM got, without the requests for a token. */
const sent = (): { body: { message: Record<string, unknown> } }[] =>
  service.received.filter(({ path }) => path !== '/token').map(({ body }) => ({ body: JSON.parse(body) }));

test('an app on Android gets a message', async () => {
  const one = outgoing('token-1', message, { ttlMs: 90_500 });
  expect(await provider.send(one, unhurried())).toEqual({
    delivery: { outcome: 'sent', providerId: 'projects/shop/messages/2' },
    mayBeTaken: true,
  });
  expect(sent()).toEqual([
    {
      body: {
        message: {
          token: 'token-1',
          notification: { title: 'Your order', body: 'is on its way', image: 'https://cdn.example.com/7.png' },
          data: { order: '7', messageId: one.id, url: 'shop://orders/7' },
          android: {
            collapse_key: one.id,
            priority: 'NORMAL',
            ttl: '90s',
            notification: {
              tag: one.id,
              sound: 'default',
              click_action: 'ORDER',
              channel_id: 'orders',
              notification_count: 2,
            },
          },
        },
      },
    },
  ]);
});

test('an app on iOS that uses Firebase gets a message', async () => {
  const one = outgoing('token-1', { ...message, platform: 'ios' as const }, { transactional: true });
  await provider.send(one, unhurried());
  expect(sent()[0]?.body.message).toMatchObject({
    apns: {
      headers: { 'apns-priority': '10', 'apns-collapse-id': one.id, 'apns-expiration': expect.stringMatching(/^\d+$/) },
      payload: { aps: { badge: 2, sound: 'default', category: 'ORDER', 'mutable-content': 1 } },
      fcm_options: { image: 'https://cdn.example.com/7.png' },
    },
  });
});

test('one access token serves all messages, also those that wait for it together', async () => {
  await Promise.all([1, 2, 3].map(() => provider.send(outgoing('token-1', message), unhurried())));
  await provider.send(outgoing('token-1', message), unhurried());
  expect([sent().length, service.tokensGiven]).toEqual([4, 1]);
});

test('an access token that FCM refuses is replaced at the next attempt', async () => {
  await provider.send(outgoing('token-1', message), unhurried());
  service.revoke();
  const one = outgoing('token-1', message);
  expect(await provider.send(one, unhurried())).toMatchObject({ delivery: { outcome: 'retry', code: 'fcm 401' } });
  expect(await provider.send(one, unhurried())).toMatchObject({ delivery: { outcome: 'sent' } });
});

test('a service account that Google refuses is a failure that somebody can mend', async () => {
  service.misbehave({ status: 400, body: { error: 'invalid_grant' } });
  const one = outgoing('token-1', message);
  expect(await provider.send(one, unhurried())).toEqual({
    delivery: {
      outcome: 'retry',
      code: 'fcm login',
      detail: 'can\'t get an access token: 400 {"error":"invalid_grant"}',
    },
    mayBeTaken: false,
  });
  expect(await provider.send(one, unhurried())).toMatchObject({ delivery: { outcome: 'sent' } });
});

test.each([
  ['UNREGISTERED', fcmError(404, 'UNREGISTERED')],
  ['an invalid token', fcmError(400, 'INVALID_ARGUMENT')],
  ['an invalid token, named as the field', fcmError(400, 'INVALID_ARGUMENT', ['message.token'])],
])('%s means that the token is dead', async (_, reply) => {
  await provider.send(outgoing('token-1', message), unhurried());
  service.misbehave(reply);
  expect(await provider.send(outgoing('token-1', message), unhurried())).toMatchObject({
    delivery: { outcome: 'suppressed', cause: 'bounced', deadAddress: 'token-1' },
    mayBeTaken: false,
  });
});

test.each([
  ['another invalid field', fcmError(400, 'INVALID_ARGUMENT', ['message.android.ttl'])],
  ['the token of another sender', fcmError(403, 'SENDER_ID_MISMATCH')],
])('%s ends the message, and keeps the device', async (_, reply) => {
  await provider.send(outgoing('token-1', message), unhurried());
  service.misbehave(reply);
  const { delivery } = await provider.send(outgoing('token-1', message), unhurried());
  expect(delivery).toMatchObject({ outcome: 'suppressed', cause: 'bounced' });
  expect(delivery).not.toHaveProperty('deadAddress');
});

test.each([
  ['fcm QUOTA_EXCEEDED', { ...fcmError(429, 'QUOTA_EXCEEDED'), headers: { 'retry-after': '30' } }, 30_000],
  ['fcm QUOTA_EXCEEDED', fcmError(429, 'QUOTA_EXCEEDED'), 60_000],
  ['fcm UNAVAILABLE', { ...fcmError(503, 'UNAVAILABLE'), headers: { 'retry-after': '7' } }, 7_000],
  ['fcm INTERNAL', fcmError(500, 'INTERNAL'), undefined],
  ['fcm THIRD_PARTY_AUTH_ERROR', fcmError(401, 'THIRD_PARTY_AUTH_ERROR'), undefined],
  ['fcm 502', { status: 502, body: '<html>' }, undefined],
])('%s is tried again', async (code, reply, afterMs) => {
  await provider.send(outgoing('token-1', message), unhurried());
  service.misbehave(reply);
  const { delivery, mayBeTaken } = await provider.send(outgoing('token-1', message), unhurried());
  expect(delivery).toMatchObject({ outcome: 'retry', code, ...(afterMs !== undefined && { afterMs }) });
  expect(mayBeTaken).toBe(false);
});

test.each(['closes', 'hangs'] as const)('a service that %s may have taken the message', async (way) => {
  await provider.send(outgoing('token-1', message), unhurried());
  service.misbehave(way);
  expect(await provider.send(outgoing('token-1', message), unhurried())).toMatchObject({
    delivery: { outcome: 'retry', code: way === 'hangs' ? 'ETIMEDOUT' : 'ECONNRESET' },
    mayBeTaken: true,
  });
});

test('a message that may not be sent any more does not reach the service', async () => {
  const one = outgoing('token-1', message, { confirm: withheld });
  await expect(provider.send(one, unhurried())).rejects.toMatchObject({ code: 'WITHHELD' });
  expect(sent()).toEqual([]);
});

test('a long body is cut to what the service takes, and a long title is an error of the template', async () => {
  const long = { ...message, content: { ...message.content, body: '茶'.repeat(4_000) } };
  expect(await provider.send(outgoing('token-1', long), unhurried())).toMatchObject({ delivery: { outcome: 'sent' } });
  const [request] = service.received.slice(-1);
  expect(Buffer.byteLength(request?.body ?? '')).toBeLessThanOrEqual(4_096);
  expect(request?.body).toContain('茶…"');
  const broken = { ...message, content: { ...message.content, title: 'x'.repeat(5_000) } };
  expect(await provider.send(outgoing('token-1', broken), unhurried())).toMatchObject({
    delivery: { cause: 'template' },
  });
});

test('what is no service account is refused without a word of it', () => {
  expect(() => fcm({ serviceAccount: '{"private_key":"secret"}' })).toThrow(
    /^The service account is not the JSON file with project_id/,
  );
});
