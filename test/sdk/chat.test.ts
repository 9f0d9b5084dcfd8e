import AxeBuilder from '@axe-core/playwright';
import type { BrowserContext, Page } from 'playwright-core';
import { chats } from '../../engine/chats/define';
import { start, type Fetch } from '../../sdk/browser/src/core';
import type { InAppUser } from '../api/in-app-users';
import { testDefinitions } from '../api/server';
import { until } from '../support/until';
import { atRest } from './at-rest';
import { startAppPages, type AppPages } from './browser-pages';
import { deliver, newUser, reactionsTo } from './in-app';

const phrases = { arrived: { en: 'I have arrived', de: 'Ich bin da' } };
const CHATS = chats({
  delivery: {
    roles: {
      customer: {
        label: { en: 'Customer', de: 'Kundin' },
        phrases: { here: { en: 'I am at the door', de: 'Ich bin an der Tür' } },
      },
      courier: { label: { en: 'Courier', de: 'Kurier' }, phrases },
    },
    text: true,
  },
});

let app: AppPages;
beforeAll(async () => {
  app = await startAppPages({ ...(await testDefinitions()), chats: CHATS });
});
afterAll(() => app.stop());

let orders = 0;

/** Somebody with a page of the app in a browser of their own. */
interface Person {
  readonly user: InAppUser;
  readonly browser: BrowserContext;
  readonly page: Page;
}

async function person(language: string): Promise<Person> {
  const user = await newUser(app.api);
  await app.api.database.pool.query('UPDATE users SET traits = $2 WHERE id = $1', [user.id, { locale: language }]);
  const browser = await app.browser();
  const options = `locale: '${language}'`;
  const page = await app.open(browser, user, { body: '<sojourn-chat></sojourn-chat>', options });
  await until('the state is there', () => page.evaluate('window.sojourn?.state !== undefined'));
  return { user, browser, page };
}

/** Opens a conversation about an order. Returns the path of the API. */
async function conversation(ada: InAppUser, bob: InAppUser): Promise<string> {
  const path = `/v1/chats/delivery/order%20${process.pid}-${++orders}`;
  const participants = [
    { userId: ada.id, role: 'customer', name: 'Ada' },
    { userId: bob.id, role: 'courier', name: 'Bob' },
  ];
  expect((await app.api.admin('PUT', path, { participants })).status).toBe(204);
  return path;
}

/** Ada, who reads English, and Bob, who reads German, with a conversation that both have open. */
async function two(): Promise<{ ada: Person; bob: Person; path: string; close: () => Promise<void> }> {
  const [ada, bob] = [await person('en'), await person('de')];
  const path = await conversation(ada.user, bob.user);
  for (const { page } of [ada, bob]) await openChat(page);
  await button(ada.page, 'I am at the door').waitFor();
  await button(bob.page, 'Ich bin da').waitFor();
  const close = async (): Promise<void> => {
    for (const { browser } of [ada, bob]) await browser.close();
  };
  return { ada, bob, path, close };
}
const openChat = (page: Page): Promise<void> => page.locator('sojourn-chat .bell').click();
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const line = (page: Page, text: string, own: boolean) =>
  page.locator(`sojourn-chat .line${own ? '.own' : ':not(.own)'}`).filter({ hasText: text });
const stateOf = (page: Page, text: string) => line(page, text, true).locator('.state');
const says = (page: Page, text: string, word: string): Promise<unknown> =>
  until(`'${text}' is '${word}'`, async () => (await stateOf(page, text).allTextContents()).join() === word);
const write = async (page: Page, text: string): Promise<void> => {
  await page.getByRole('textbox').fill(text);
  await page.getByRole('textbox').press('Enter');
};
const offline = async (browser: BrowserContext): Promise<void> => {
  await browser.route('**/v1/chats/**', (route) => route.abort());
};
const online = async ({ browser, page }: Person): Promise<void> => {
  await browser.unroute('**/v1/chats/**');
  await page.evaluate("dispatchEvent(new Event('online'))");
};
const stored = async (path: string): Promise<Record<string, unknown>> =>
  (await app.api.admin('GET', path)).body as Record<string, unknown>;

test('two people talk, each in their language, and each sees that the other has seen it', async () => {
  const { ada, bob, close } = await two();
  await button(ada.page, 'I am at the door').click();
  await line(ada.page, 'I am at the door', true).waitFor();
  await line(bob.page, 'Ich bin an der Tür', false).waitFor();
  await says(ada.page, 'I am at the door', 'Seen');
  await bob.page.getByRole('heading', { name: 'Ada · Kundin' }).waitFor();
  await button(bob.page, 'Ich bin da').click();
  await line(ada.page, 'I have arrived', false).waitFor();
  await says(bob.page, 'Ich bin da', 'Gesehen');
  await write(bob.page, '3. Stock?');
  await line(ada.page, '3. Stock?', false).waitFor();
  await close();
});

test('what is said while the chat is closed counts as unread until it is looked at, and pops up nowhere', async () => {
  const { ada, bob, close } = await two();
  await button(ada.page, 'Close').click();
  await write(bob.page, 'first');
  await write(bob.page, 'second');
  await button(ada.page, 'Chat, Unread: 2').waitFor();
  await says(bob.page, 'second', 'Gesendet');
  await openChat(ada.page);
  await says(bob.page, 'second', 'Gesehen');
  await button(ada.page, 'Close').click();
  await button(ada.page, 'Chat').waitFor();
  await close();
});

test('what is said without network shows at once, survives a reload, and is said once when the network is back', async () => {
  const { ada, bob, path, close } = await two();
  await offline(ada.browser);
  await button(ada.page, 'I am at the door').click();
  await write(ada.page, 'On the third floor');
  await says(ada.page, 'On the third floor', 'Sending');
  await ada.page.reload();
  await until('the state is there', () => ada.page.evaluate('window.sojourn?.state !== undefined'));
  await openChat(ada.page);
  await says(ada.page, 'I am at the door', 'Sending');
  expect((await stored(path))['messages']).toEqual([]);
  await online(ada);
  await line(bob.page, 'On the third floor', false).waitFor();
  await says(ada.page, 'On the third floor', 'Seen');
  expect(await bob.page.locator('sojourn-chat .line').count()).toBe(2);
  expect(await ada.page.locator('sojourn-chat .line').count()).toBe(2);
  await close();
});

test('what the server refuses stays, and is said not to be sent, on every page of the browser', async () => {
  const { ada, bob, path, close } = await two();
  const other = await app.open(ada.browser, ada.user, {
    body: '<sojourn-chat></sojourn-chat>',
    options: "locale: 'en'",
  });
  await until('the state is there', () => other.evaluate('window.sojourn?.state !== undefined'));
  await openChat(other);
  await button(other, 'I am at the door').waitFor();
  await offline(ada.browser);
  await write(ada.page, 'Too late');
  await says(other, 'Too late', 'Sending');
  await app.api.admin('POST', `${path}/close`);
  await bob.page.getByText('Diese Unterhaltung ist beendet.').waitFor();
  await ada.page.getByText('This conversation is closed.').waitFor();
  expect(await button(ada.page, 'I am at the door').count()).toBe(0);
  await online(ada);
  for (const page of [ada.page, other]) await says(page, 'Too late', 'Not sent');
  expect((await stored(path))['messages']).toEqual([]);
  await close();
});

test('a report reaches the app, and a block ends the conversation on both sides', async () => {
  const { ada, bob, path, close } = await two();
  await write(bob.page, 'rude');
  await line(ada.page, 'rude', false).waitFor();
  await ada.page.getByLabel('Report, Block').click();
  await button(ada.page, 'Report').click();
  await until('the report is there', async () => ((await stored(path))['reports'] as unknown[]).length === 1);
  await ada.page.getByText('Block', { exact: true }).click();
  await button(ada.page, 'Block: Bob · Courier').click();
  await ada.page.getByText('This conversation is closed.').waitFor();
  await bob.page.getByText('Diese Unterhaltung ist beendet.').waitFor();
  await until('the server knows', async () => (await stored(path))['blocked'] === true);
  await close();
});

test('markup that people write is text, and no id of a user reaches the other page', async () => {
  const { ada, bob, close } = await two();
  const attack = '<img src=x onerror="window.attacked=1"><b>bold</b>';
  await write(bob.page, attack);
  await line(ada.page, attack, false).waitFor();
  expect(await ada.page.locator('sojourn-chat :is(b, img)').count()).toBe(0);
  expect(await ada.page.evaluate('window.attacked')).toBeUndefined();
  expect(JSON.stringify(await ada.page.evaluate('window.sojourn.state'))).not.toContain(bob.user.id);
  await close();
});

test('a question of a journey is asked in the chat only, and the answer stays there', async () => {
  const { page, browser, user } = await person('en');
  const choices = [
    { value: 'order', label: 'My order' },
    { value: 'account', label: 'My account' },
  ];
  const id = await deliver(app.api, user, { kind: 'chat', title: 'Help', body: 'How can we help?', choices });
  await button(page, 'Chat, Unread: 1').waitFor();
  expect(await page.getByText('How can we help?').count()).toBe(0);
  await openChat(page);
  await until('it is seen', async () => (await reactionsTo(app.api, id)).includes('seen'));
  await button(page, 'My order').click();
  await line(page, 'My order', true).waitFor();
  await until('the server knows', async () => (await reactionsTo(app.api, id)).includes('answer'));
  await page.reload();
  await until('the state is there', () => page.evaluate('window.sojourn?.state !== undefined'));
  await openChat(page);
  await line(page, 'My order', true).waitFor();
  await browser.close();
});

test('an app says and sees by the client alone', async () => {
  const { ada, bob, path, close } = await two();
  const key = decodeURIComponent(path.split('/')[4] ?? '');
  await button(ada.page, 'Close').click();
  await write(bob.page, 'Hello');
  const chat = `window.sojourn.chat('delivery', '${key}')`;
  await until('it is unread', () => ada.page.evaluate(`${chat}.state?.unread === 1`));
  await ada.page.evaluate(`${chat}.seen(); ${chat}.say({ text: 'Hi' })`);
  expect(await ada.page.evaluate(`${chat}.state.unread`)).toBe(0);
  await line(bob.page, 'Hi', false).waitFor();
  await says(bob.page, 'Hello', 'Gesehen');
  expect(await ada.page.evaluate(`window.sojourn.chat('delivery', 'another').state`)).toBeUndefined();
  await close();
});

test('a client without a DOM keeps what is said without network across a restart, and says it once', async () => {
  const [ada, bob] = [await newUser(app.api), await newUser(app.api)];
  const path = await conversation(ada, bob);
  const key = decodeURIComponent(path.split('/')[4] ?? '');
  const kept = new Map<string, string>();
  const storage = {
    getItem: async (name: string) => kept.get(name) ?? null,
    setItem: async (name: string, value: string) => void kept.set(name, value),
  };
  const { token } = ada;
  const { url } = app.api;
  const cut: Fetch = (to, init) => (init.method === 'POST' ? Promise.reject(new TypeError('cut')) : fetch(to, init));
  const first = start({ url, token, storage, fetch: cut });
  await until('the conversation is there', () => first.chat('delivery', key).state);
  first.chat('delivery', key).say({ phrase: 'here' });
  const sending = { text: 'I am at the door', role: 'customer', status: 'sending' };
  expect(first.state?.chats?.[0]?.messages).toMatchObject([sending]);
  await until('it is kept', () => (kept.get(`sojourn:${ada.id}:queue`) ?? '').includes('here'));
  first.stop();

  const again = start({ url, token, storage });
  const other = start({ url, token: bob.token });
  await until('the other has it', () => other.chat('delivery', key).state?.unread === 1);
  other.chat('delivery', key).seen();
  await until('it was seen', () => again.chat('delivery', key).state?.others[0]?.seen);
  expect(again.chat('delivery', key).state?.messages).toEqual([expect.not.objectContaining({ status: 'sending' })]);
  expect((await stored(path))['messages']).toHaveLength(1);
  for (const client of [again, other]) client.stop();
});

test('a client keeps the last 10 lines, and what the server has yet to hear of is not taken for said', async () => {
  const [ada, bob] = [await newUser(app.api), await newUser(app.api)];
  const path = await conversation(ada, bob);
  const key = decodeURIComponent(path.split('/')[4] ?? '');
  const kept = new Map<string, string>();
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
  let online = true;
  // What is said never arrives.
  const reading: Fetch = (to, init) =>
    online && !init.method ? fetch(to, init) : Promise.reject(new TypeError('cut'));
  const options = { url: app.api.url, token: ada.token, storage, fetch: reading };
  const other = start({ url: app.api.url, token: bob.token });
  for (let said = 1; said <= 12; said++) other.chat('delivery', key).say({ text: `line ${said}` });
  const first = start(options);
  await until('all is there', () => first.chat('delivery', key).state?.messages.length === 12);
  online = false;
  first.chat('delivery', key).say({ text: 'mine' });
  first.stop();

  const again = start(options);
  const lines = (): unknown => again.chat('delivery', key).state?.messages.map(({ text, status }) => status ?? text);
  await until('the kept state is shown', () => again.keptAt);
  expect(lines()).toEqual([...Array.from({ length: 10 }, (_, n) => `line ${n + 3}`), 'sending']);
  online = true;
  again.retry();
  await until('the server has answered', () => again.keptAt === undefined);
  expect(lines()).toEqual([...Array.from({ length: 12 }, (_, n) => `line ${n + 1}`), 'sending']);
  for (const client of [again, other]) client.stop();
});

test.each(['light', 'dark'] as const)(
  'has nothing that axe finds in a real conversation, in %s',
  async (colorScheme) => {
    const { ada, bob, close } = await two();
    await button(bob.page, 'Ich bin da').click();
    await line(ada.page, 'I have arrived', false).waitFor();
    await button(ada.page, 'I am at the door').click();
    await says(ada.page, 'I am at the door', 'Seen');
    await ada.page.evaluate(`document.documentElement.style.colorScheme = '${colorScheme}'`);
    await atRest(ada.page);
    const { violations } = await new AxeBuilder({ page: ada.page }).include('sojourn-chat').analyze();
    expect(violations).toEqual([]);
    await close();
  },
);
