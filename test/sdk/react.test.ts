import { build } from 'esbuild';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { start } from '../../sdk/browser/src/core';
import { SojournProvider } from '../../sdk/browser/src/react';
import type { TestApi } from '../api/server';
import { until } from '../support/until';
import { startAppPages, type AppPages } from './browser-pages';
import { deliver, newUser, reactionsTo } from './in-app';
import { Screen } from './react-screen';

let api: TestApi;
let app: AppPages;
beforeAll(async () => {
  app = await startAppPages();
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
