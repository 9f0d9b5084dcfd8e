import { randomUUID } from 'node:crypto';
import { importJWK, jwtVerify } from 'jose';
import { generateVAPIDKeys } from 'web-push';
import type { Channel } from '../../activities/channels/channel';
import { webPushChannel, type Subscription } from '../../activities/channels/web-push';
import { GuardedClient } from '../../activities/providers/guarded-client';
import type { Templates } from '../../activities/templates/load';
import { MAX_PAYLOAD_BYTES, pushPayload } from '../../activities/templates/push-payload';
import { freePort } from '../../dev/port';
import { startPushService, type PushAnswer, type PushService, type ReceivedPush } from '../../dev/push-service';
import { until } from '../support/until';
import { envelope, templatesOf, unhurried } from './fixture';

const ACCEPTED: PushAnswer = { status: 201, headers: { Location: 'https://push.example.com/m/1' } };
const vapid = generateVAPIDKeys();

let templates: Templates;
let service: PushService;
let received: ReceivedPush[];
let stored: Subscription[];
let setAside: string[];
let restored: string[];
let channel: Channel;

beforeAll(async () => {
  templates = await templatesOf({
    'onboarding/templates/welcome.web-push.yaml':
      'title: "Hello {{ user.traits.firstName }}"\nbody: Nice to see you\nurl: /start',
    'onboarding/templates/tagged.web-push.yaml': 'title: T\nbody: B\nurl: /\ntag: order-7',
    'onboarding/templates/long.web-push.yaml': 'title: "{{ data.title }}"\nbody: "{{ data.body }}"\nurl: /start',
  });
});
beforeEach(async () => {
  service = await startPushService();
  received = [];
  stored = [];
  setAside = [];
  restored = [];
  channel = open('http://localhost:3000');
});
afterEach(async () => {
  await channel.close();
  await service.stop();
});

const forget = async (id: string): Promise<void> => {
  stored = stored.filter((subscription) => subscription.id !== id);
};

function open(publicUrl: string, remove = forget): Channel {
  return webPushChannel({
    templates,
    publicUrl,
    secret: 'a secret of the tests, long enough to be one',
    mailFrom: 'Sojourn <hello@example.com>',
    vapid,
    subscriptions: {
      list: async () => stored,
      remove,
      setAside: async (id) => void setAside.push(id),
      restore: async (id) => void restored.push(id),
    },
  });
}

/** A browser with a push service that gives this answer; `silence` means none. */
function browser(answer: PushAnswer | 'silence'): Subscription {
  const subscription = service.subscribe((push) => {
    received.push(push);
    return answer === 'silence' ? new Promise(() => undefined) : { body: 'answered by the test', ...answer };
  });
  return { id: randomUUID(), ...subscription, vapidKey: vapid.publicKey, refusedAt: null };
}

function subscribe(...answers: (PushAnswer | 'silence')[]): void {
  stored.push(...answers.map(browser));
}

test('a failed removal of a gone subscription does not affect the other browsers', async () => {
  subscribe(ACCEPTED, { status: 410 });
  const failing = open('http://localhost:3000', () => Promise.reject(new Error('the database is away')));
  expect(await failing.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'sent' });
  await failing.close();
});

test('the browser can decrypt the notification', async () => {
  subscribe(ACCEPTED);
  const message = envelope();
  expect(await channel.deliver(message, unhurried())).toEqual({
    outcome: 'sent',
    providerId: 'https://push.example.com/m/1',
  });
  expect(received.map(({ payload }) => payload)).toEqual([
    { title: 'Hello Ada', body: 'Nice to see you', url: '/start', tag: message.id, messageId: message.id },
  ]);
});

test('the push service can verify the sender', async () => {
  subscribe(ACCEPTED);
  await channel.deliver(envelope(), unhurried());
  const authorization = received[0]?.headers.authorization ?? '';
  const [, token = '', key = ''] = /^vapid t=([^,]+), k=(\S+)$/.exec(authorization) ?? [];
  expect(key).toBe(vapid.publicKey);
  const point = Buffer.from(key, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((coordinate) => coordinate.toString('base64url'));
  const { payload } = await jwtVerify(
    token,
    await importJWK({ kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }, 'ES256'),
  );
  expect(payload).toMatchObject({ aud: service.origin, sub: 'mailto:hello@example.com', exp: expect.any(Number) });
});

test('the request carries TTL, urgency and topic', async () => {
  subscribe(ACCEPTED);
  const message = envelope({ ttlMs: 90_500 });
  await channel.deliver(message, unhurried());
  await channel.deliver({ ...message, transactional: true, ttlMs: 365 * 86_400_000 }, unhurried());
  const topic = message.id.replaceAll('-', '');
  expect(received.map(({ headers }) => headers)).toMatchObject([
    { ttl: '90', urgency: 'normal', topic },
    { ttl: '2419200', urgency: 'high', topic },
  ]);
  expect(topic).toMatch(/^[\w-]{1,32}$/);
});

test("a template's own tag is kept", async () => {
  subscribe(ACCEPTED);
  await channel.deliver(envelope({ template: 'tagged' }), unhurried());
  expect(received[0]?.payload).toMatchObject({ tag: 'order-7' });
});

test('every browser of the user gets the message', async () => {
  const got: string[] = [];
  for (const name of ['phone', 'laptop']) {
    const subscription = service.subscribe(() => {
      got.push(name);
      return ACCEPTED;
    });
    stored.push({ id: name, ...subscription, vapidKey: null, refusedAt: null });
  }
  await channel.deliver(envelope(), unhurried());
  expect(got.sort()).toEqual(['laptop', 'phone']);
});

test.each([404, 410])('a subscription that is gone (%i) is removed, the others are not', async (status) => {
  subscribe({ status }, ACCEPTED);
  expect(await channel.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'sent' });
  expect(stored).toHaveLength(1);
});

test('without a subscription, or when all are gone, the message is suppressed', async () => {
  const noSubscription = { outcome: 'suppressed', cause: 'subscription', reason: 'no subscription' };
  expect(await channel.deliver(envelope(), unhurried())).toEqual(noSubscription);
  subscribe({ status: 410 }, { status: 404 });
  expect(await channel.deliver(envelope(), unhurried())).toEqual(noSubscription);
  expect(stored).toEqual([]);
});

test.each([429, 500, 503])('%i is retried', async (status) => {
  subscribe({ status });
  expect(await channel.deliver(envelope(), unhurried())).toEqual({
    outcome: 'retry',
    code: `push ${status}`,
    detail: `${status} answered by the test`,
  });
});

test('the longest Retry-After decides the pause', async () => {
  subscribe(
    { status: 429, headers: { 'Retry-After': '7' } },
    { status: 503, headers: { 'Retry-After': '120' } },
    { status: 500 },
  );
  expect(await channel.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'retry', afterMs: 120_000 });
});

test('a Retry-After can be a date', async () => {
  subscribe({ status: 503, headers: { 'Retry-After': new Date(Date.now() + 3_600_000).toUTCString() } });
  const delivery = await channel.deliver(envelope(), unhurried());
  expect(delivery).toMatchObject({ outcome: 'retry', afterMs: expect.any(Number) });
  if (delivery.outcome === 'retry') expect(Math.round((delivery.afterMs ?? 0) / 600_000)).toBe(6);
});

test('a message that one browser accepted is not retried for another', async () => {
  subscribe({ status: 503 }, ACCEPTED, { status: 400 });
  expect(await channel.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'sent' });
});

test.each([400, 413, 302])('another refusal (%i) is a bounce', async (status) => {
  subscribe({ status, headers: { Location: `${service.origin}/elsewhere` } });
  expect(await channel.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'suppressed', cause: 'bounced' });
  expect(received).toHaveLength(1);
});

test('invalid keys are a bounce and do not stop the other browsers', async () => {
  subscribe(ACCEPTED, ACCEPTED);
  stored[0] = { ...browser(ACCEPTED), keys: { p256dh: 'AAAA', auth: 'AAAA' } };
  expect(await channel.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'sent' });
  stored.pop();
  expect(await channel.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'suppressed', cause: 'bounced' });
});

test.each([401, 403])(
  'a browser whose service refuses our signature (%i) is set aside, the others are not',
  async (status) => {
    subscribe({ status }, ACCEPTED);
    const [refused] = stored;
    expect(await channel.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'sent' });
    expect([setAside, stored.length]).toEqual([[refused?.id], 2]);
  },
);

test('a service that refuses our signature for everybody costs nobody their subscription', async () => {
  subscribe({ status: 403, body: '{"reason":"BadJwtToken"}' }, { status: 401 });
  const [first, second] = stored.map((subscription) => ({ ...subscription, refusedAt: new Date(0) }));
  if (first && second) stored = [first, second];
  expect(await channel.deliver(envelope(), unhurried())).toEqual({
    outcome: 'suppressed',
    cause: 'subscription',
    reason: 'no subscription',
    detail: '403 {"reason":"BadJwtToken"}',
  });
  expect([setAside, stored.length]).toEqual([[first?.id, second?.id], 2]);
});

test('a browser that was set aside is removed when it is refused again, and its service accepts our signature', async () => {
  subscribe({ status: 403 }, ACCEPTED);
  const [refused, other] = stored;
  if (refused && other) stored = [{ ...refused, refusedAt: new Date(0) }, other];
  await channel.deliver(envelope(), unhurried());
  await channel.deliver(envelope(), unhurried());
  expect(stored).toEqual([other]);
});

test('a browser that was set aside is in use again when its service accepts a push', async () => {
  subscribe(ACCEPTED);
  const [accepted] = stored;
  if (accepted) stored = [{ ...accepted, refusedAt: new Date(0) }];
  await channel.deliver(envelope(), unhurried());
  expect(restored).toEqual([accepted?.id]);
});

test('a browser that subscribed with another key of ours is removed without a push', async () => {
  subscribe(ACCEPTED);
  stored = stored.map((subscription) => ({ ...subscription, vapidKey: generateVAPIDKeys().publicKey }));
  expect(await channel.deliver(envelope(), unhurried())).toMatchObject({
    cause: 'subscription',
    reason: 'no subscription',
  });
  expect([stored, received]).toEqual([[], []]);
});

test.each([
  ['BadDeviceToken', '{"reason":"BadDeviceToken"}'],
  ['VapidPkHashMismatch', '{"reason":"VapidPkHashMismatch"}'],
])('a subscription that its service calls %s is removed', async (_, body) => {
  subscribe({ status: 400, body });
  expect(await channel.deliver(envelope(), unhurried())).toMatchObject({ cause: 'subscription' });
  expect(stored).toEqual([]);
});

test('a service that throttles with 406 is retried', async () => {
  subscribe({ status: 406, headers: { 'Retry-After': '5' } });
  expect(await channel.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'retry', afterMs: 5_000 });
});

describe('a notification that is too long for push services', () => {
  const long = (title: string, body: string) => envelope({ template: 'long', data: { title, body } });
  const bodyOf = (push?: ReceivedPush): string => (push?.payload as { body: string }).body;

  test('ends with an ellipsis, and has its title and address', async () => {
    subscribe(ACCEPTED);
    expect(await channel.deliver(long('Tea', 'word '.repeat(2_000)), unhurried())).toMatchObject({ outcome: 'sent' });
    expect(received[0]?.payload).toMatchObject({ title: 'Tea', url: '/start' });
    expect(bodyOf(received[0])).toMatch(/^(word )+\S*…$/);
    expect(bodyOf(received[0]).length).toBeGreaterThan(3_500);
  });

  test.each(['é', '茶', '👩‍👩‍👧', '"', '\\'])(
    'is cut between characters (%s), in at most 4096 encrypted octets',
    async (character) => {
      subscribe(ACCEPTED);
      await channel.deliver(long('Tea', character.repeat(4_000)), unhurried());
      expect(Number(received[0]?.headers['content-length'])).toBeLessThanOrEqual(4_096);
      expect(Number(received[0]?.headers['content-length'])).toBeGreaterThan(
        4_096 - 2 * Buffer.byteLength(character) - 1,
      );
      expect(bodyOf(received[0]).slice(0, -1).replaceAll(character, '')).toBe('');
    },
  );

  test('as long as services take is not cut', async () => {
    subscribe(ACCEPTED);
    const room =
      MAX_PAYLOAD_BYTES - Buffer.byteLength(pushPayload({ title: 'Tea', body: '', url: '/start' }, randomUUID()) ?? '');
    await channel.deliver(long('Tea', 'x'.repeat(room)), unhurried());
    expect(received[0]?.headers['content-length']).toBe('4096');
    expect(bodyOf(received[0])).toBe('x'.repeat(room));
  });

  test('by its title alone is an error of the template', async () => {
    subscribe(ACCEPTED);
    expect(await channel.deliver(long('x'.repeat(5_000), 'B'), unhurried())).toMatchObject({ cause: 'template' });
    expect(received).toEqual([]);
  });
});

test('an unreachable service means a retry', async () => {
  stored = [{ ...browser(ACCEPTED), endpoint: `http://127.0.0.1:${await freePort()}/` }];
  expect(await channel.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'retry', code: 'ECONNREFUSED' });
});

test('an aborted attempt closes its connection', async () => {
  subscribe('silence');
  const attempt = new AbortController();
  const delivery = channel.deliver(envelope(), attempt.signal);
  await until('the push is read', () => received.length === 1);
  attempt.abort();
  expect(await delivery).toMatchObject({ outcome: 'retry', code: 'EABORT' });
  await until('the connection is closed', async () => (await service.connections()) === 0);
});

test('an installation on the internet never calls a stored loopback address', async () => {
  subscribe(ACCEPTED);
  const onTheInternet = open('https://app.example.com');
  expect(await onTheInternet.deliver(envelope(), unhurried())).toMatchObject({ reason: 'no subscription' });
  await onTheInternet.close();
  expect(received).toEqual([]);
});

test('a name that resolves to a private address is refused', async () => {
  const client = new GuardedClient({ timeoutMs: 10_000 });
  const endpoint = `https://localhost:${new URL(service.origin).port}/`;
  const request = { endpoint, method: 'POST', headers: {}, body: null } as const;
  await expect(client.post(request, unhurried(), async () => undefined)).rejects.toMatchObject({ code: 'ENOTPUBLIC' });
  client.close();
});

test('a notification that may no longer be sent when the connection is open does not reach the service', async () => {
  subscribe(ACCEPTED);
  const confirm = (): Promise<never> => Promise.reject(Object.assign(new Error('not any more'), { code: 'WITHHELD' }));
  expect(await channel.deliver(envelope({ confirm }), unhurried())).toMatchObject({ outcome: 'retry' });
  expect(received).toEqual([]);
});

test('a missing template suppresses the message', async () => {
  subscribe(ACCEPTED);
  expect(await channel.deliver(envelope({ template: 'none' }), unhurried())).toMatchObject({
    reason: 'template error',
  });
});
