import type { Page } from 'playwright-core';
import type { TestApi } from '../api/server';
import { until } from '../support/until';
import { NONCE, startAppPages, type AppPages } from './browser-pages';
import { deliver, newUser, reactionsTo } from './in-app';

let api: TestApi;
let app: AppPages;
beforeAll(async () => {
  app = await startAppPages();
  ({ api } = app);
});
afterAll(() => app.stop());

const modal = { kind: 'modal', title: 'Welcome', body: 'Good to see you.' } as const;
const banner = { kind: 'banner', title: 'News', body: 'There is news.' } as const;

/** Whether a page shows a message with this title. */
const shows = (page: Page, title: string): Promise<boolean> =>
  page.getByText(title, { exact: true }).first().isVisible();
const appears = (page: Page, title: string): Promise<unknown> => until(`'${title}' is shown`, () => shows(page, title));
const goes = (page: Page, title: string): Promise<unknown> =>
  until(`'${title}' is gone`, async () => !(await shows(page, title)));
const knows = (message: string, reaction: string): Promise<unknown> =>
  until(`the server knows ${reaction}`, async () => (await reactionsTo(api, message)).includes(reaction));
/** Waits until the client of a page has the state. */
const ready = (page: Page): Promise<unknown> =>
  until('the state is there', () => page.evaluate('window.sojourn?.state !== undefined'));

test('a message shows on an open page, counts as seen after a second, and goes when it is dismissed', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  const page = await app.open(browser, ada);
  await ready(page);
  const id = await deliver(api, ada, modal);
  await appears(page, 'Welcome');
  await knows(id, 'seen');
  await page.getByRole('button', { name: 'Close' }).first().click();
  await goes(page, 'Welcome');
  await knows(id, 'dismissed');
  await browser.close();
});

test('a newer message of a card that stands on the page counts as seen, too', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  const page = await app.open(browser, ada);
  await ready(page);
  const first = await deliver(api, ada, { kind: 'progress', title: 'Placed', progress: 0.2 }, 'order');
  await knows(first, 'seen');
  const second = await deliver(api, ada, { kind: 'progress', title: 'Ready', progress: 0.8 }, 'order');
  await appears(page, 'Ready');
  await knows(second, 'seen');
  await browser.close();
});

test('a message that is withdrawn goes from the open page', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  const id = await deliver(api, ada, modal);
  const page = await app.open(browser, ada);
  await appears(page, 'Welcome');
  await api.database.pool.query('UPDATE messages SET expires_at = 1 WHERE id = $1', [id]);
  ada.announce();
  await goes(page, 'Welcome');
  await browser.close();
});

test('of several pages one has the connection and one shows the message; when it closes, another takes over both', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  const streams: string[] = [];
  browser.on('request', (request) => {
    if (request.url().endsWith('/v1/stream') && request.method() === 'GET') streams.push(request.url());
  });
  const first = await app.open(browser, ada);
  await ready(first);
  const second = await app.open(browser, ada);
  await ready(second);
  expect(streams.length).toBe(1);

  await deliver(api, ada, banner);
  await until('both have it', async () =>
    (await Promise.all([first, second].map((page) => page.evaluate('window.sojourn.messages.length === 1')))).every(
      Boolean,
    ),
  );
  const showing = await until('one shows it', async () => {
    const on = await Promise.all([shows(first, 'News'), shows(second, 'News')]);
    expect(on.filter(Boolean).length).toBeLessThanOrEqual(1);
    return on[0] ? { page: first, other: second } : on[1] ? { page: second, other: first } : false;
  });
  await showing.page.close();
  await appears(showing.other, 'News');

  await deliver(api, ada, modal);
  await appears(showing.other, 'Welcome');
  await until('there is a second connection', () => streams.length === 2);
  await browser.close();
});

test('what was dismissed on one page does not show on another before the server knows', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  await deliver(api, ada, modal);
  const first = await app.open(browser, ada);
  await appears(first, 'Welcome');
  const second = await app.open(browser, ada);
  await ready(second);
  await browser.route('**/v1/inbox/**', (route) => route.abort());
  await first.getByRole('button', { name: 'Close' }).first().click();
  await until('the other page knows', () => second.evaluate('window.sojourn.messages.length === 0'));
  expect(await shows(second, 'Welcome')).toBe(false);
  await browser.close();
});

test('a reaction made offline survives a reload and is sent once the network is back', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  const id = await deliver(api, ada, modal);
  const page = await app.open(browser, ada);
  await appears(page, 'Welcome');
  await browser.route('**/v1/inbox/**', (route) => route.abort());
  await page.getByRole('button', { name: 'Close' }).first().click();
  await goes(page, 'Welcome');
  await page.reload();
  await ready(page);
  await until('it is dismissed after the reload, too', () => page.evaluate('window.sojourn.messages.length === 0'));
  expect(await reactionsTo(api, id)).not.toContain('dismissed');
  await browser.unroute('**/v1/inbox/**');
  await page.evaluate("dispatchEvent(new Event('online'))");
  await knows(id, 'dismissed');
  await browser.close();
});

test('works under a strict Content Security Policy, by module and by the classic script tag', async () => {
  const policy = `default-src 'none'; script-src 'nonce-${NONCE}' {api}; connect-src {api}; style-src 'nonce-${NONCE}'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types`;
  for (const classic of [false, true]) {
    const ada = await newUser(api);
    const browser = await app.browser();
    const problems: string[] = [];
    browser.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    browser.on('weberror', (error) => problems.push(String(error.error())));
    await deliver(api, ada, modal);
    const page = await app.open(browser, ada, { classic, policy, options: `nonce: '${NONCE}'` });
    await appears(page, 'Welcome');
    expect(problems.filter((problem) => !problem.includes('favicon'))).toEqual([]);
    await browser.close();
  }
});

test('an app that renders messages itself gets them when they are due, and the SDK shows nothing', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  await deliver(api, ada, { ...modal, where: { event: 'Level Finished' } });
  const script =
    "window.due = []; sojourn.on('message', (message) => { due.push(message.content.title); return true; });";
  const page = await app.open(browser, ada, { script });
  await ready(page);
  expect(await page.evaluate('window.due')).toEqual([]);
  await page.evaluate("sojourn.track('Level Finished')");
  await until('it is due', () => page.evaluate("window.due.join() === 'Welcome'"));
  expect(await shows(page, 'Welcome')).toBe(false);
  await browser.close();
});

test('nothing appears while the user types in a field', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  const page = await app.open(browser, ada, { body: '<input aria-label="Name"><button>Done</button>' });
  await ready(page);
  await page.getByLabel('Name').pressSequentially('Ada');
  await deliver(api, ada, modal);
  await until('the page has it', () => page.evaluate('window.sojourn.messages.length === 1'));
  expect(await shows(page, 'Welcome')).toBe(false);
  await page.getByRole('button', { name: 'Done' }).focus();
  await appears(page, 'Welcome');
  await browser.close();
});

test('a message shows only on its page, also where the app changes the path by itself', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  await deliver(api, ada, { ...modal, where: { page: '*/checkout' } });
  const page = await app.open(browser, ada);
  await ready(page);
  expect(await shows(page, 'Welcome')).toBe(false);
  await page.evaluate("history.pushState(null, '', 'checkout')");
  await appears(page, 'Welcome');
  await page.evaluate("history.pushState(null, '', 'shop')");
  await goes(page, 'Welcome');
  await browser.close();
});

test('a tip waits until its anchor is there', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  await deliver(api, ada, { kind: 'tip', anchor: '#export', title: 'Export here', body: 'It is quick.' });
  const page = await app.open(browser, ada, { body: '<main></main>' });
  await ready(page);
  expect(await shows(page, 'Export here')).toBe(false);
  await page.evaluate('document.querySelector("main").innerHTML = "<button id=export>Export</button>"');
  await appears(page, 'Export here');
  await browser.close();
});

test('a message that appears again after a reload counts once in its session', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  await deliver(api, ada, modal);
  const page = await app.open(browser, ada);
  await appears(page, 'Welcome');
  const shown = await page.evaluate<string>(`localStorage.getItem('sojourn:${ada.id}:session')`);
  expect((JSON.parse(shown) as { shown: string[] }).shown.length).toBe(1);
  await page.reload();
  await appears(page, 'Welcome');
  const after = await page.evaluate<string>(`localStorage.getItem('sojourn:${ada.id}:session')`);
  expect((JSON.parse(after) as { shown: string[]; id: string }).shown.length).toBe(1);
  expect((JSON.parse(after) as { id: string }).id).toBe((JSON.parse(shown) as { id: string }).id);
  await browser.close();
});

test('a message that stays as it is keeps its buttons, and the focus that one of them has', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  const id = await deliver(api, ada, { ...modal, choices: [{ value: 'yes', label: 'Yes' }] });
  const page = await app.open(browser, ada);
  await appears(page, 'Welcome');
  await page.getByRole('button', { name: 'Yes' }).focus();
  const focused = "document.querySelector('sojourn-modal').shadowRoot.activeElement";
  await page.evaluate(`window.yes = ${focused}`);
  await knows(id, 'seen');
  await until('it is known to be seen', () => page.evaluate('window.sojourn.messages[0].seenAt !== null'));
  // The page is looked at again, as it is every second.
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
  expect(await page.evaluate(`window.yes.isConnected && ${focused} === window.yes`)).toBe(true);
  await browser.close();
});

test('properties that are no JSON lose their event alone, and a client that was stopped does not throw', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  const errors: string[] = [];
  browser.on('weberror', (error) => errors.push(String(error.error())));
  const page = await app.open(browser, ada);
  await ready(page);
  await page.evaluate(`{
    const loop = {};
    loop.self = loop;
    sojourn.track('Lost', loop);
    sojourn.track('Kept', { callback: () => 0, size: 3 });
  }`);
  const events = (): Promise<unknown> =>
    api.database.knex('events').where({ user_id: ada.id, type: 'track' }).select('name', 'properties');
  await until('what follows is sent', async () => ((await events()) as unknown[]).length > 0);
  expect(await events()).toEqual([{ name: 'Kept', properties: { size: 3 } }]);
  expect(errors).toEqual([expect.stringContaining('circular')]);
  await page.evaluate("sojourn.stop(); sojourn.track('Late')");
  await browser.close();
});

test('a card whose choice was taken stays in the inbox with the choice, until it is removed', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  const id = await deliver(api, ada, { kind: 'card', title: 'Lunch?', choices: [{ value: 'yes', label: 'Yes' }] });
  const page = await app.open(browser, ada, { body: '<sojourn-inbox></sojourn-inbox>' });
  await page.getByRole('button', { name: 'Messages' }).click();
  await page.getByRole('button', { name: 'Yes' }).click();
  await knows(id, 'answer');
  await appears(page, 'Your choice: Yes');
  expect(await reactionsTo(api, id)).toEqual(['seen', 'answer']);
  await page.getByRole('button', { name: 'Remove: Lunch?' }).click();
  await knows(id, 'dismissed');
  await browser.close();
});

test('a message shows on a page whose language is no valid tag', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  const options = [
    { value: 'a', label: 'Apples' },
    { value: 'b', label: 'Pears' },
  ];
  await deliver(api, ada, { kind: 'poll', title: 'Fruit?', poll: 'fruit', options, results: 'always' });
  for (const [locale, votes] of [
    ['de_DE', 'Stimmen: 0'],
    ['the third', 'Votes: 0'],
  ]) {
    const page = await app.open(browser, ada, { options: `locale: '${locale}'` });
    await appears(page, votes ?? '');
    await page.close();
  }
  await browser.close();
});

test('a poll with a name that every object has is a poll like any other', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  const errors: string[] = [];
  browser.on('weberror', (error) => errors.push(String(error.error())));
  const options = [
    { value: 'toString', label: 'Apples' },
    { value: 'b', label: 'Pears' },
  ];
  const id = await deliver(api, ada, { kind: 'poll', title: 'Fruit?', poll: 'constructor', options });
  const page = await app.open(browser, ada);
  await page.getByRole('button', { name: 'Apples' }).click();
  await knows(id, 'answer');
  await appears(page, 'Votes: 1');
  await page.getByRole('status').filter({ hasText: 'Your choice: Apples, 100%' }).waitFor({ state: 'attached' });
  expect(errors).toEqual([]);
  await browser.close();
});

test('a message that cannot be drawn does not keep others from showing', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  const broken = { kind: 'modal', title: 'Broken', choices: 'none' } as unknown as typeof modal;
  await deliver(api, ada, modal);
  await deliver(api, ada, broken);
  const page = await app.open(browser, ada);
  await appears(page, 'Welcome');
  await browser.close();
});
