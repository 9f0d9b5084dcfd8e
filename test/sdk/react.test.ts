import { build } from 'esbuild';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { chats } from '../../engine/chats/define';
import { start } from '../../sdk/browser/src/core';
import { SojournProvider } from '../../sdk/browser/src/react';
import { testDefinitions, type TestApi } from '../api/server';
import { until } from '../support/until';
import { startAppPages, type AppPages } from './browser-pages';
import { deliver, newUser, reactionsTo } from './in-app';
import { Screen } from './react-screen';

const CHATS = chats({
  delivery: {
    roles: {
      customer: { label: 'Customer', phrases: { here: { en: 'I am at the door' } } },
      courier: { label: 'Courier', phrases: {} },
    },
    text: true,
  },
});

let api: TestApi;
let app: AppPages;
beforeAll(async () => {
  app = await startAppPages({ ...(await testDefinitions()), chats: CHATS });
  ({ api } = app);
});
afterAll(() => app.stop());

/** An app with React, as a bundler makes it: `mount` renders the screen with a client. */
async function reactApp(): Promise<string> {
  const contents = `
    import { createElement } from 'react';
    import { createRoot } from 'react-dom/client';
    import { SojournProvider } from '../../sdk/browser/src/react';
    import { Screen } from './react-screen';
    window.mount = (client) =>
      createRoot(document.getElementById('root')).render(createElement(SojournProvider, { client }, createElement(Screen)));
  `;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: __dirname },
    ...{ bundle: true, write: false, format: 'iife', define: { 'process.env.NODE_ENV': '"production"' } },
  });
  return outputFiles[0]?.text ?? '';
}

test('on a server the hooks return no messages and the fallbacks, with a client or without', async () => {
  const ada = await newUser(api);
  await deliver(api, ada, { kind: 'card', title: 'Welcome' });
  const client = start({ url: api.url, token: ada.token });
  await until('the state is there', () => client.state);
  for (const given of [null, client]) {
    const html = renderToString(createElement(SojournProvider, { client: given }, createElement(Screen)));
    expect(html).toContain('0 messages, 0 unread');
    expect(html).toContain('order none, checkout old');
    expect(html).not.toContain('said');
  }
  client.stop();
});

test('in a browser the hooks follow the state, and what the user does with a message is reported', async () => {
  const ada = await newUser(api);
  const browser = await app.browser();
  const page = await app.open(browser, ada, { body: '<div id="root"></div>' });
  await page.addScriptTag({ content: await reactApp() });
  await until('the client is there', () => page.evaluate('window.sojourn !== undefined'));
  await page.evaluate('window.mount(window.sojourn)');
  const offer = await deliver(api, ada, { kind: 'card', title: 'An offer' }, 'offer');
  const steps = [
    { label: 'Received', done: true },
    { label: 'Ready', done: false },
  ];
  await deliver(api, ada, { kind: 'checklist', title: 'Your order', items: steps }, 'order');
  const button = page.getByRole('button', { name: 'An offer' });
  await until('the offer is there', () => button.isVisible());
  await until('so is the order', () => page.getByText('order 0.5, checkout old').isVisible());
  await button.click();
  await until('the offer is gone', async () => !(await button.isVisible()));
  await until('the server knows', async () => (await reactionsTo(api, offer)).includes('dismissed'));
  await browser.close();
});

test('in a browser a conversation follows what both say, and what the user says reaches the other', async () => {
  const [ada, bob] = [await newUser(api), await newUser(api)];
  const browser = await app.browser();
  const page = await app.open(browser, ada, { body: '<div id="root"></div>' });
  await page.addScriptTag({ content: await reactApp() });
  await until('the client is there', () => page.evaluate('window.sojourn !== undefined'));
  await page.evaluate('window.mount(window.sojourn)');
  await page.getByText('0 messages').waitFor();
  expect(await page.getByRole('button').count()).toBe(0);
  const participants = [
    { userId: ada.id, role: 'customer', name: 'Ada' },
    { userId: bob.id, role: 'courier', name: 'Bob' },
  ];
  expect((await api.admin('PUT', '/v1/chats/delivery/order%207', { participants })).status).toBe(204);
  await page.getByRole('button', { name: 'Say it' }).click();
  await page.getByText('said · I am at the door', { exact: true }).waitFor();
  const client = start({ url: api.url, token: bob.token });
  const talk = client.chat('delivery', 'order 7');
  await until('the other has it', () => talk.state?.unread === 1);
  talk.say({ text: 'Coming' });
  await page.getByText('said · I am at the door · Coming', { exact: true }).waitFor();
  client.stop();
  await browser.close();
});
