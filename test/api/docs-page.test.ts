import type { Page } from 'playwright-core';
import { launchChromium } from '../../dev/chromium';
import { createTeardown } from '../../dev/teardown';
import { until } from '../support/until';
import { ADMIN_KEY, startApi, WRITE_KEY, type TestApi } from './server';

const teardown = createTeardown();
/** What the browser complained of, violations of the content security policy among it. */
const complaints: string[] = [];
/** Where the page sent requests. */
const origins = new Set<string>();
let api: TestApi;
let page: Page;
beforeAll(async () => {
  api = await startApi();
  teardown.add(api);
  const browser = await launchChromium();
  teardown.add({ stop: () => browser.close() });
  await api.write('/v1/identify', { userId: 'ada', traits: { plan: 'free' } });
  page = await browser.newPage({ colorScheme: 'light' });
  // The document is long, and a busy machine draws it slowly.
  page.setDefaultTimeout(120_000);
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:') origins.add(origin);
  });
  page.on('response', (response) => {
    if (!response.ok()) complaints.push(`${response.status()} ${response.url()}`);
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${api.url}/docs#/Users/getUser`);
  await page.locator('#operations-Users-getUser.is-open').waitFor();
});
afterAll(() => teardown.stop());

/** Enters a key, as a reader does. */
async function enterKey(scheme: 'adminKey' | 'writeKey', key: string): Promise<void> {
  await page.getByRole('button', { name: 'Authorize' }).first().click();
  const form = page.locator('.modal-ux .auth-container', { hasText: scheme });
  await form.locator('input').first().fill(key);
  await form.getByRole('button', { name: /^Apply/ }).click();
  await page.locator('.modal-ux .close-modal').click();
}

/** Sends the example of an open operation. Returns the status and the body that the page shows. */
async function tryIt(id: string): Promise<[string, unknown]> {
  const operation = page.locator(`#operations-${id}`);
  await operation.getByRole('button', { name: 'Try it out' }).click();
  await operation.getByRole('button', { name: 'Execute' }).click();
  const answer = operation.locator('.live-responses-table .response');
  await answer.waitFor();
  const body = await answer.locator('.response-col_description .highlight-code code').first().innerText();
  return [(await answer.locator('.response-col_status').innerText()).trim(), JSON.parse(body)];
}

test('a reader tries operations with the key that they enter, and the page asks nothing of another server', async () => {
  await enterKey('adminKey', ADMIN_KEY);
  expect(await tryIt('Users-getUser')).toMatchObject(['200', { id: 'ada', traits: { plan: 'free' } }]);
  await enterKey('writeKey', WRITE_KEY);
  await page.locator('#operations-Events-track button.opblock-summary-control').click();
  expect(await tryIt('Events-track')).toMatchObject(['200', { accepted: 1, rejected: [] }]);
  expect([...origins]).toEqual([api.url]);
  expect(complaints).toEqual([]);
});

test('the page follows the theme of the system', async () => {
  const background = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
  expect(await background()).toBe('rgb(255, 255, 255)');
  await page.emulateMedia({ colorScheme: 'dark' });
  await until('the page is dark', async () => (await background()) === 'rgb(18, 21, 27)');
});
