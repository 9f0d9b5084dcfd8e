import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { signSession, signUserToken } from '../../config/tokens';
import { launchChromium } from '../../dev/chromium';
import { createTeardown, type Teardown } from '../../dev/teardown';
import { advanceUser } from './engine';
import { ADMIN_KEY, SECRET, startApi, type Answer, type TestApi } from './server';

/** Light on a desk, and dark on a phone. */
const DEVICES: readonly BrowserContextOptions[] = [
  { colorScheme: 'light', viewport: { width: 1_000, height: 700 } },
  { colorScheme: 'dark', viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true },
];
const PATH = '/users/ada/timeline';
const MARKUP = '<img src=x onerror=alert(1)>';

let parts: Teardown;
let api: TestApi;
let contexts: readonly BrowserContext[];
beforeAll(async () => {
  parts = createTeardown();
  api = parts.add(await startApi());
  const browser = await launchChromium();
  parts.add({ stop: () => browser.close() });
  contexts = await Promise.all(DEVICES.map((device) => browser.newContext(device)));
  await api.write('/v1/identify', { userId: 'ada', traits: { email: 'ada@example.com' } });
  await api.write('/v1/track', { userId: 'ada', event: 'Signed Up', properties: { plan: 'free', note: MARKUP } });
  await api.write('/v1/track', { userId: 'ada', event: MARKUP });
  await api.admin('POST', '/v1/users/ada/journeys/onboarding', { properties: { plan: 'free' } });
  await api.admin('POST', '/v1/import', {
    batch: [{ type: 'track', userId: 'ada', event: 'Order Placed', properties: {}, context: { history: true } }],
  });
  await advanceUser(api, 'ada');
});
afterAll(() => parts.stop());

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Admin key').fill(ADMIN_KEY);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: /^Timeline of/ }).waitFor();
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
}

test('a person gives the admin key once, and reads what happened; texts are no markup; axe finds nothing', async () => {
  for (const context of contexts) {
    const page = await context.newPage();
    await page.goto(api.url + PATH);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByLabel('Admin key').fill('a guess');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('This is not the admin key.').waitFor();
    await expectAccessible(page);
    await signIn(page);
    expect(page.url()).toBe(api.url + PATH);
    const words = ['welcome by email', 'onboarding: first project', 'Signed Up', 'Traits were set', 'imported'];
    for (const text of [...words, 'Added by hand to onboarding', MARKUP])
      await page.getByText(text, { exact: true }).first().waitFor();
    expect(await page.locator('img').count()).toBe(0);
    await page.locator('summary').last().click();
    await page.locator('details[open] pre').getByText('"receivedAt": "20').waitFor();
    await expectAccessible(page);
    // It is asked for no more, and the cookie is not for scripts.
    await page.goto(`${api.url}/users/nobody/timeline`);
    await page.getByRole('heading', { name: 'No such user' }).waitFor();
    expect(await context.cookies()).toMatchObject([{ name: 'sojourn', httpOnly: true, sameSite: 'Strict', path: '/' }]);
    await page.close();
  }
});

test('a link on another site, such as that of the Temporal UI, opens for a person who has signed in', async () => {
  const [context] = contexts;
  const page = await (context as BrowserContext).newPage();
  await page.route('http://elsewhere.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<a href="${api.url}${PATH}">Timeline</a>` }),
  );
  await page.goto('http://elsewhere.example/');
  await page.getByRole('link', { name: 'Timeline' }).click();
  await page.getByRole('heading', { name: 'Timeline of ada' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Signed out' }).waitFor();
  await page.goto('http://elsewhere.example/');
  await page.getByRole('link', { name: 'Timeline' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await signIn(page);
  await page.close();
});

test('a long timeline has pages of older entries', async () => {
  const batch = Array.from({ length: 60 }, (_, n) => ({
    type: 'track',
    userId: 'long',
    event: `E${n}.`,
    timestamp: at(n),
  }));
  await api.write('/v1/batch', { batch });
  const page = await (contexts[1] as BrowserContext).newPage();
  await page.goto(`${api.url}/users/long/timeline`);
  await page.getByText('E59.', { exact: true }).waitFor();
  expect(await page.getByText('E9.', { exact: true }).count()).toBe(0);
  await page.getByRole('link', { name: 'Older' }).click();
  await page.getByText('E0.', { exact: true }).waitFor();
  expect(await page.getByRole('link', { name: 'Older' }).count()).toBe(0);
  await page.getByRole('link', { name: 'Newest' }).click();
  await page.getByText('E59.', { exact: true }).waitFor();
  await page.close();

  function at(n: number): string {
    return new Date(1_600_000_000_000 + n * 60_000).toISOString();
  }
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> => api.call('GET', path, { headers });
const keys = { secret: SECRET, adminKey: ADMIN_KEY };

test('only a session that this admin key began and that has not ended opens the page', async () => {
  const hour = 3_600_000;
  const opens = async (token: string): Promise<number> => (await get(PATH, { cookie: `a=b; sojourn=${token}` })).status;
  expect(await opens(await signSession(keys, hour, Date.now()))).toBe(200);
  expect(await opens(await signSession(keys, hour, Date.now() - 2 * hour))).toBe(401);
  expect(await opens(await signSession({ ...keys, adminKey: 'the one before' }, hour, Date.now()))).toBe(401);
  expect(await opens(await signUserToken(SECRET, 'ada', hour))).toBe(401);
  expect(await opens('nonsense')).toBe(401);
  expect((await get(PATH)).text).not.toContain('Signed Up');
});

test('a session opens nothing else, and the key of the API does not open the page', async () => {
  const cookie = `sojourn=${await signSession(keys, 60_000, Date.now())}`;
  for (const path of ['/v1/users/ada', '/v1/users', '/v1/users/ada/timeline'])
    expect([path, (await get(path, { cookie })).status]).toEqual([path, 401]);
  expect((await get(PATH, { authorization: `Bearer ${ADMIN_KEY}` })).status).toBe(401);
  expect((await get(`${PATH}?adminKey=${ADMIN_KEY}`)).status).toBe(401);
});

test('the link of former releases leads a browser to the page, and a client without a key still gets 401', async () => {
  const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
  const path = '/v1/users/a%2Fb/timeline';
  const led = await fetch(api.url + path, { headers: browser, redirect: 'manual' });
  const location = new URL(led.headers.get('location') ?? '', api.url + path).pathname;
  expect([led.status, location]).toEqual([303, '/users/a%2Fb/timeline']);
  expect((await get(path, { ...browser, authorization: 'Bearer wrong' })).status).toBe(401);
  expect((await get(path)).status).toBe(401);
});

test('over https the cookie is bound to the host and sent over https only; wrong keys are limited', async () => {
  const { config, limits } = api.deps;
  const secure = await startApi({
    config: { ...config, publicUrl: 'https://sojourn.example' },
    limits: {
      public: 100,
      writeKey: 100,
      adminKey: 100,
      userToken: 100,
      signedLink: 100,
      receipt: 100,
      ...limits,
      refused: 2,
    },
  });
  const send = async (adminKey: string): Promise<Response> =>
    fetch(secure.url + PATH, { method: 'POST', body: new URLSearchParams({ adminKey }), redirect: 'manual' });
  const right = await send(ADMIN_KEY);
  expect([right.status, right.headers.get('set-cookie')]).toEqual([
    303,
    expect.stringMatching(/^__Host-sojourn=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict; Secure; Max-Age=28800$/),
  ]);
  expect([(await send('a')).status, (await send('')).status, (await send('c')).status]).toEqual([401, 401, 429]);
  expect((await send(ADMIN_KEY)).status).toBe(303);
  expect(JSON.stringify(secure.log)).not.toContain(ADMIN_KEY);
  await secure.stop();
});
