import type { Channel } from '../../activities/channels/channel';
import { pushChannel } from '../../activities/channels/push';
import { apns } from '../../activities/providers/apns';
import { fcm } from '../../activities/providers/fcm';
import type { JsonObject } from '../../engine/model/json';
import type { Templates } from '../../activities/templates/load';
import type { StoredDevice } from '../../store/push-devices';
import { startApns, type FakeApns } from '../fakes/apns';
import { fcmError, startFcm, type FakeFcm } from '../fakes/fcm';
import { envelope, templatesOf, unhurried } from './fixture';

const IPHONE: StoredDevice = device('1', { service: 'apns', token: 'ab12'.repeat(16), platform: 'ios', lastSeenAt: 3 });
const PIXEL: StoredDevice = device('2', { service: 'fcm', token: 'pixel', platform: 'android', lastSeenAt: 2 });
const TABLET: StoredDevice = device('3', { service: 'fcm', token: 'tablet', platform: 'android', lastSeenAt: 1 });

function device(id: string, given: Omit<StoredDevice, 'id' | 'app' | 'locale'>): StoredDevice {
  return { id, app: null, locale: null, ...given };
}

let templates: Templates;
let google: FakeFcm;
let apple: FakeApns;
let stored: StoredDevice[];
const open: Channel[] = [];

beforeAll(async () => {
  templates = await templatesOf({
    'onboarding/templates/welcome.push.yaml':
      'title: "Hello {{ user.traits.firstName }}"\nbody: Nice to see you\nurl: shop://start\nbadge: "{{ data.count }}"\ndata:\n  plan: "{{ event.properties.plan }}"\n  seats: 3',
    'onboarding/templates/hi.push.yaml': 'title: Hello\nbody: "{{ 1.5 | number }}"',
    'onboarding/templates/hi.de.push.yaml': 'title: Hallo\nbody: "{{ 1.5 | number }}"',
    'onboarding/templates/evil.push.yaml': 'title: T\nbody: B\nurl: "javascript:alert(1)"',
    'onboarding/templates/reserved.push.yaml': 'title: T\nbody: B\ndata:\n  google.x: y',
  });
});
beforeEach(async () => {
  [google, apple] = await Promise.all([startFcm(), startApns()]);
  stored = [IPHONE, PIXEL, TABLET];
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((channel) => channel.close()));
  await Promise.all([google.stop(), apple.stop()]);
});

function push(sendTo: 'all' | 'last seen' = 'all', without: 'apns' | null = null): Channel {
  const channel = pushChannel({
    templates,
    publicUrl: 'http://localhost:3000',
    secret: 'a secret of the tests, long enough to be one',
    byUserId: [],
    sendTo,
    devices: {
      list: async () => stored,
      remove: async ({ id }) => void (stored = stored.filter((one) => one.id !== id)),
    },
    providers: {
      fcm: [fcm({ serviceAccount: google.serviceAccount, url: google.url, timeoutMs: 2_000 })],
      apns:
        without === 'apns'
          ? []
          : [apns({ key: apple.key, keyId: 'KEY', teamId: 'TEAM', topic: 'com.example.app', url: apple.url })],
    },
  });
  open.push(channel);
  return channel;
}

/** The tokens that FCM got messages for. */
const googleGot = (): string[] =>
  google.received
    .filter(({ path }) => path !== '/token')
    .map(({ body }) => (JSON.parse(body) as { message: { token: string } }).message.token)
    .sort();

test('all devices of a person get a message', async () => {
  const message = envelope();
  expect(await push().deliver(message, unhurried())).toMatchObject({ outcome: 'sent' });
  expect(googleGot()).toEqual(['pixel', 'tablet']);
  expect(apple.received.map(({ payload }) => payload)).toEqual([
    {
      aps: { alert: { title: 'Hello Ada', body: 'Nice to see you' }, badge: 3 },
      plan: 'free',
      seats: '3',
      messageId: message.id,
      url: 'shop://start',
    },
  ]);
});

/** What FCM got after so many requests, by token. */
const googleShowed = (after: number): Record<string, unknown> =>
  Object.fromEntries(
    google.received
      .slice(after)
      .filter(({ path }) => path !== '/token')
      .map(({ body }) => (JSON.parse(body) as { message: { token: string; notification: object } }).message)
      .map(({ token, notification }) => [token, notification]),
  );

test('each device shows a message in its own language, unless the person has a trait for theirs', async () => {
  const [german, english] = [
    { title: 'Hallo', body: '1,5' },
    { title: 'Hello', body: '1.5' },
  ];
  const said = async (traits: JsonObject): Promise<Record<string, unknown>> => {
    const before = google.received.length;
    const { user } = envelope();
    const message = envelope({ template: 'hi', user: { ...user, traits } });
    expect(await push().deliver(message, unhurried())).toMatchObject({ outcome: 'sent' });
    return googleShowed(before);
  };
  stored = [{ ...PIXEL, locale: 'de-AT' }, TABLET];
  expect(await said({})).toMatchObject({ pixel: german, tablet: english });
  expect(await said({ fromContext: { locale: 'fr' } })).toMatchObject({ pixel: german });
  expect(await said({ fromContext: { locale: 'de' } })).toMatchObject({ pixel: german, tablet: german });
  expect(await said({ locale: 'en' })).toMatchObject({ pixel: english, tablet: english });
});

test('only the device that was seen last gets it, where the team says so', async () => {
  expect(await push('last seen').deliver(envelope(), unhurried())).toMatchObject({ outcome: 'sent', provider: 'apns' });
  expect([apple.received.length, googleGot()]).toEqual([1, []]);
});

test('if that device is gone, the one seen before gets it', async () => {
  apple.misbehave({ status: 410, reason: 'Unregistered' });
  expect(await push('last seen').deliver(envelope(), unhurried())).toMatchObject({ outcome: 'sent', provider: 'fcm' });
  expect([stored, googleGot()]).toEqual([[PIXEL, TABLET], ['pixel']]);
});

test('a device that its service does not know any more is removed, and the others get the message', async () => {
  apple.misbehave({ status: 400, reason: 'BadDeviceToken' });
  expect(await push().deliver(envelope(), unhurried())).toMatchObject({ outcome: 'sent' });
  expect(stored).toEqual([PIXEL, TABLET]);
});

test('when all devices are gone, or there is none, the message is suppressed', async () => {
  const noDevice = { outcome: 'suppressed', cause: 'subscription', reason: 'no device' };
  stored = [IPHONE];
  apple.misbehave({ status: 410, reason: 'Unregistered' });
  expect(await push().deliver(envelope(), unhurried())).toEqual(noDevice);
  expect(stored).toEqual([]);
  expect(await push().deliver(envelope(), unhurried())).toEqual(noDevice);
});

test('a device whose service is not set up gets nothing', async () => {
  stored = [IPHONE];
  expect(await push('all', 'apns').deliver(envelope(), unhurried())).toMatchObject({ reason: 'no device' });
  expect(apple.received).toEqual([]);
});

test('a message that one device got is not repeated for another', async () => {
  stored = [IPHONE, PIXEL];
  apple.misbehave({ status: 503, reason: 'ServiceUnavailable' });
  expect(await push().deliver(envelope(), unhurried())).toMatchObject({ outcome: 'sent', provider: 'fcm' });
});

test('when no device got it, the longest pause that a service asks for is kept', async () => {
  stored = [IPHONE];
  apple.misbehave({ status: 429, reason: 'TooManyRequests', headers: { 'retry-after': '90' } });
  expect(await push().deliver(envelope(), unhurried())).toMatchObject({
    outcome: 'retry',
    code: 'apns TooManyRequests',
    afterMs: 90_000,
  });
});

test('a refusal of the message is a bounce, and the device stays', async () => {
  stored = [PIXEL];
  const channel = push();
  await channel.deliver(envelope(), unhurried());
  google.misbehave(fcmError(403, 'SENDER_ID_MISMATCH'));
  expect(await channel.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'suppressed', cause: 'bounced' });
  expect(stored).toEqual([PIXEL]);
});

test('a message that may not be sent any more reaches no device, and the attempt is given up', async () => {
  const confirm = (): Promise<never> => Promise.reject(Object.assign(new Error('not any more'), { code: 'WITHHELD' }));
  await expect(push().deliver(envelope({ confirm }), unhurried())).rejects.toMatchObject({ code: 'WITHHELD' });
  expect([apple.received, googleGot()]).toEqual([[], []]);
});

test('what one device got counts, though the message was withheld from another', async () => {
  let asked = 0;
  const confirm = async (): Promise<void> => {
    if (asked++ > 0) throw Object.assign(new Error('not any more'), { code: 'WITHHELD' });
  };
  expect(await push().deliver(envelope({ confirm }), unhurried())).toMatchObject({ outcome: 'sent' });
});

test.each(['evil', 'reserved'])('the template %s is refused', async (template) => {
  expect(await push().deliver(envelope({ template }), unhurried())).toMatchObject({ cause: 'template' });
  expect([apple.received, googleGot()]).toEqual([[], []]);
});
