import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { signUserToken } from '../../config/tokens';
import { launchChromium } from '../../dev/chromium';
import { createTeardown } from '../../dev/teardown';
import { flags } from '../../engine/flags/define';
import { until } from '../support/until';
import { SECRET, startApi, testDefinitions, type TestApi } from './server';

/** OpenFeature's provider for the web, as it is published, in a page of another origin. */

/** The page. `start` sets the provider up, `flag` evaluates a flag, and `changes` lists what the provider has told of. */
const SCRIPT = `
import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';

const changes = [];
globalThis.app = {
  changes,
  start: async (baseUrl, token) => {
    OpenFeature.addHandler(ProviderEvents.ConfigurationChanged, ({ flagsChanged }) => changes.push(...flagsChanged));
    const headers = [['Authorization', 'Bearer ' + token]];
    await OpenFeature.setProviderAndWait(new OFREPWebProvider({ baseUrl, headers, pollInterval: 50 }));
  },
  flag: (name) => OpenFeature.getClient().getBooleanDetails(name, false),
};
`;

const teardown = createTeardown();
let api: TestApi;
let page: Page;
beforeAll(async () => {
  const defined = flags({ pro: { default: false, rules: [{ when: { traits: { plan: 'pro' } }, value: true }] } });
  api = await startApi({ code: { ...(await testDefinitions()), flags: defined } });
  teardown.add(api);
  const stdin = { contents: SCRIPT, resolveDir: __dirname, loader: 'js' } as const;
  const { outputFiles } = await build({ stdin, bundle: true, format: 'esm', target: 'es2022', write: false });
  const server = createServer(({ url }, response) => {
    if (url === '/page.js') response.setHeader('content-type', 'text/javascript').end(outputFiles[0]?.text);
    else response.setHeader('content-type', 'text/html').end('<script type="module" src="/page.js"></script>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  teardown.add({
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  });
  const browser = await launchChromium();
  teardown.add({ stop: () => browser.close() });
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
afterAll(() => teardown.stop());

/** Runs an expression in the page. */
const inPage = (expression: string): Promise<unknown> => page.evaluate(expression);

test('a page evaluates flags, asks again by ETag, and is told of a change', async () => {
  const statuses: number[] = [];
  page.on('response', (response) => {
    if (response.request().method() === 'POST') statuses.push(response.status());
  });
  await api.write('/v1/identify', { userId: 'ada', traits: { plan: 'free' } });
  const token = await signUserToken(SECRET, 'ada', 600_000);
  await inPage(`app.start(${JSON.stringify(api.url)}, ${JSON.stringify(token)})`);
  expect(await inPage(`app.flag('pro')`)).toMatchObject({ value: false, reason: 'DEFAULT' });
  await until('the page hears that nothing has changed', () => statuses.includes(304));
  await api.write('/v1/identify', { userId: 'ada', traits: { plan: 'pro' } });
  await until('the page hears of the change', async () => JSON.stringify(await inPage('app.changes')) === '["pro"]');
  expect(await inPage(`app.flag('pro')`)).toMatchObject({ value: true, reason: 'TARGETING_MATCH' });
  expect(statuses.every((status) => status === 200 || status === 304)).toBe(true);
});
