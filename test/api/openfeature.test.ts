import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature as Server, type Client as ServerClient } from '@openfeature/server-sdk';
import { OpenFeature as Web, ProviderEvents, type Client as WebClient, type Provider } from '@openfeature/web-sdk';
import { signUserToken } from '../../config/tokens';
import { flags } from '../../engine/flags/define';
import { ADMIN_KEY, SECRET, startApi, testDefinitions, type TestApi } from './server';

/** The providers of OpenFeature, as they are published. */

const DEFINED = flags({
  size: { default: 20 },
  pro: { default: false, rules: [{ when: { traits: { plan: 'pro' } }, value: true }] },
  banner: { default: '', rules: [{ variants: { only: { weight: 1, value: 'Hi' } } }] },
  theme: { default: { color: 'blue' } },
});

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ code: { ...(await testDefinitions()), flags: DEFINED } });
  await api.write('/v1/identify', { userId: 'ada', traits: { plan: 'pro' } });
  await api.write('/v1/identify', { userId: 'eve', traits: { plan: 'free' } });
});
afterAll(async () => {
  await Promise.all([Server.close(), Web.close()]);
  await api.stop();
});

const bearer = (key: string): [string, string][] => [['Authorization', `Bearer ${key}`]];

async function server(domain: string, key = ADMIN_KEY): Promise<ServerClient> {
  await Server.setProviderAndWait(domain, new OFREPProvider({ baseUrl: api.url, headers: bearer(key) }));
  return Server.getClient(domain);
}

async function page(domain: string, userId: string, context: object = {}): Promise<WebClient> {
  const headers = bearer(await signUserToken(SECRET, userId, 60_000));
  const provider = new OFREPWebProvider({ baseUrl: api.url, headers, pollInterval: 50 });
  // Its types leave an optional property undefined.
  await Web.setProviderAndWait(domain, provider as Provider, {
    ...context,
  });
  return Web.getClient(domain);
}

test('a server evaluates the flags of any user, of each type', async () => {
  const client = await server('types');
  const context = { targetingKey: 'ada' };
  expect(await client.getBooleanValue('pro', false, context)).toBe(true);
  expect(await client.getNumberValue('size', 0, context)).toBe(20);
  expect(await client.getObjectValue('theme', {}, context)).toEqual({ color: 'blue' });
  expect(await client.getStringDetails('banner', '-', context)).toMatchObject({
    value: 'Hi',
    variant: 'only',
    reason: 'SPLIT',
  });
});

test('a server gets the errors of OpenFeature, with its own default', async () => {
  const client = await server('errors');
  expect(await client.getBooleanDetails('unknown', true, { targetingKey: 'ada' })).toMatchObject({
    value: true,
    errorCode: 'FLAG_NOT_FOUND',
  });
  expect(await client.getBooleanDetails('pro', true, {})).toMatchObject({
    value: true,
    errorCode: 'TARGETING_KEY_MISSING',
  });
  const wrong = await server('wrong key', 'not the key');
  expect(await wrong.getBooleanDetails('pro', true, { targetingKey: 'ada' })).toMatchObject({
    value: true,
    reason: 'ERROR',
  });
});

test('a page evaluates the flags of its user', async () => {
  const client = await page('values', 'ada', { targetingKey: 'ada' });
  expect(client.getBooleanValue('pro', false)).toBe(true);
  expect(client.getNumberValue('size', 0)).toBe(20);
  expect(client.getStringDetails('banner', '-')).toMatchObject({ value: 'Hi', variant: 'only', reason: 'SPLIT' });
  expect(client.getBooleanDetails('unknown', true)).toMatchObject({ value: true, errorCode: 'FLAG_NOT_FOUND' });
});

test('a page sees that a flag has changed', async () => {
  const client = await page('changes', 'eve');
  expect(client.getBooleanValue('pro', true)).toBe(false);
  const changed = new Promise((resolve) => client.addHandler(ProviderEvents.ConfigurationChanged, resolve));
  await api.write('/v1/identify', { userId: 'eve', traits: { plan: 'pro' } });
  expect(await changed).toMatchObject({ flagsChanged: ['pro'] });
  expect(client.getBooleanValue('pro', false)).toBe(true);
});

test('a page that names another user gets nothing', async () => {
  await expect(page('other', 'eve', { targetingKey: 'ada' })).rejects.toThrow();
});
