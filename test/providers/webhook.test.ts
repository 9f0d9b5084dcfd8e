import { webhook, type WebhookOptions } from '../../activities/providers/webhook';
import type { Provider } from '../../activities/providers/provider';
import type { WebhookContent } from '../../activities/templates/company-content';
import { unhurried } from '../channels/fixture';
import type { FakeService } from '../fakes/service';
import { startWebhookEndpoint, verified } from '../fakes/webhook-endpoint';
import { outgoing } from './outgoing';
import { withheld } from './withheld';

const OLD = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const NEW = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const content: WebhookContent = { type: 'account.silent', data: { plan: 'pro', days: 9 } };

let service: FakeService;
let provider: Provider<WebhookContent>;

beforeEach(async () => {
  service = await startWebhookEndpoint(OLD);
  provider = open({ url: `${service.url}/hooks`, secrets: [OLD] });
});
afterEach(async () => {
  await provider.close();
  await service.stop();
});

function open(
  endpoint: Pick<WebhookOptions, 'url' | 'secrets' | 'isPrivate'>,
  publicUrl = 'http://localhost:3000',
): Provider<WebhookContent> {
  return webhook({ name: 'crm', publicUrl, timeoutMs: 3_000, ...endpoint });
}

test('the receiver can verify the request, and reads the event and whom it is about', async () => {
  const message = outgoing('default', content);
  expect(await provider.send(message, unhurried())).toEqual({
    delivery: { outcome: 'sent', providerId: null },
    mayBeTaken: true,
  });
  const [request] = service.received;
  expect(request?.headers).toMatchObject({ 'webhook-id': message.id, 'content-type': 'application/json' });
  expect(request && verified(OLD, request)).toEqual({
    type: 'account.silent',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    userId: 'ada',
    journey: 'gate-change',
    step: 'gate',
    data: { plan: 'pro', days: 9 },
  });
});

test('every attempt has the same id, so that a receiver can drop a repetition', async () => {
  const message = outgoing('default', content);
  service.misbehave({ status: 500 });
  await provider.send(message, unhurried());
  await provider.send(message, unhurried());
  expect(service.received.map(({ headers }) => headers['webhook-id'])).toEqual([message.id, message.id]);
});

test('while a secret is rotated, receivers with the old one and with the new one can verify', async () => {
  const rotating = open({ url: service.url, secrets: [NEW, OLD] });
  expect(await rotating.send(outgoing('default', content), unhurried())).toMatchObject({
    delivery: { outcome: 'sent' },
  });
  const [request] = service.received;
  expect(request?.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
  for (const secret of [OLD, NEW]) expect(() => request && verified(secret, request)).not.toThrow();
  await rotating.close();
});

test('a receiver with another secret refuses, and the message is tried again until somebody has mended it', async () => {
  const other = open({ url: service.url, secrets: [NEW] });
  expect(await other.send(outgoing('default', content), unhurried())).toMatchObject({
    delivery: { outcome: 'retry', code: 'crm 401' },
  });
  await other.close();
});

test('a redirect is not followed', async () => {
  service.misbehave({ status: 307, headers: { location: `${service.url}/elsewhere` } });
  expect(await provider.send(outgoing('default', content), unhurried())).toMatchObject({
    delivery: { outcome: 'retry', code: 'crm 307' },
  });
  expect(service.received).toHaveLength(1);
});

test.each([400, 410, 413, 422])('%i ends the message', async (status) => {
  service.misbehave({ status });
  expect(await provider.send(outgoing('default', content), unhurried())).toMatchObject({
    delivery: { outcome: 'suppressed', cause: 'bounced', detail: `${status}` },
    mayBeTaken: false,
  });
});

test.each([429, 500, 502, 503, 504])('%i is tried again after the pause that the receiver asks for', async (status) => {
  service.misbehave({ status, headers: { 'retry-after': '12' } });
  expect(await provider.send(outgoing('default', content), unhurried())).toMatchObject({
    delivery: { outcome: 'retry', code: `crm ${status}`, afterMs: 12_000 },
    mayBeTaken: false,
  });
});

test.each(['closes', 'hangs'] as const)('a receiver that %s may have taken the message', async (way) => {
  service.misbehave(way);
  expect(await provider.send(outgoing('default', content), unhurried())).toMatchObject({
    delivery: { outcome: 'retry' },
    mayBeTaken: true,
  });
});

test('a message that may not be sent any more does not reach the receiver', async () => {
  const message = outgoing('default', content, { confirm: withheld });
  await expect(provider.send(message, unhurried())).rejects.toMatchObject({ code: 'WITHHELD' });
  expect(service.received).toEqual([]);
});

test.each([
  'http://example.com',
  'https://10.0.0.7/hooks',
  'http://127.0.0.1:9/',
  'https://intranet/',
  'file:///etc/passwd',
  'no url',
])('an installation on the internet refuses the endpoint %s', (url) => {
  expect(() => open({ url, secrets: [OLD] }, 'https://app.example.com')).toThrow(
    "The webhook endpoint 'crm' must be an https URL on the public internet.",
  );
});

test('an endpoint inside our network is called where it is said to be private', async () => {
  const inside = open({ url: service.url, secrets: [OLD], isPrivate: true }, 'https://app.example.com');
  expect(await inside.send(outgoing('default', content), unhurried())).toMatchObject({ delivery: { outcome: 'sent' } });
  await inside.close();
});

test.each(['', 'secret', 'whsec_c2hvcnQ=', `whsec_${Buffer.alloc(65).toString('base64')}`])(
  "the secret '%s' is refused, and the message does not repeat it",
  (secret) => {
    expect(() => open({ url: service.url, secrets: [secret] })).toThrow(/^A secret of the webhook endpoint 'crm'/);
  },
);
