import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from 'playwright-core';
import { bundleSdk } from '../../dev/bundle-sdk';
import { launchChromium } from '../../dev/chromium';
import { createTeardown } from '../../dev/teardown';
import type { Definitions } from '../../engine/definitions/definitions';
import type { InAppUser } from '../api/in-app-users';
import { startApi, type TestApi } from '../api/server';

/** How an app starts the SDK. */
export interface Start {
  /** The app's own script, in which `sojourn` is the client. */
  readonly script?: string;
  /** Further members of the options, as JavaScript. */
  readonly options?: string;
  readonly body?: string;
  /** Sent with the page, as Content-Security-Policy. `{api}` stands for the API's origin. */
  readonly policy?: string;
  /** Whether the page has the classic script tag. Default: it imports the module. */
  readonly classic?: boolean;
}

/** Pages of an app, on an origin of their own, in a real browser, and the API that serves the SDK to them. */
export interface AppPages {
  readonly api: TestApi;
  readonly origin: string;
  /** A browser of its own: its pages share storage with each other only. */
  browser(): Promise<BrowserContext>;
  /** Opens a page that starts the SDK for a user. */
  open(browser: BrowserContext, user: InAppUser, start?: Start): Promise<Page>;
  stop(): Promise<void>;
}

/** The nonce of the scripts of every page. */
export const NONCE = 'r4nd0m';

/** Starts the API with the SDK, Chromium and a server of an app's pages. @param code what the API knows. Default: as `startApi` */
export async function startAppPages(code?: Definitions): Promise<AppPages> {
  const teardown = createTeardown();
  const api = teardown.add(await startApi({ sdk: (await bundleSdk()).files, ...(code && { code }) }));
  const pages = new Map<string, { html: string; policy: string | undefined }>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    // Whatever the path, the page is the last that was opened for this user: an app may change its path.
    const page = pages.get(pathname.split('/')[1] ?? '');
    if (!page) return void response.writeHead(404).end();
    if (page.policy !== undefined) response.setHeader('content-security-policy', page.policy);
    response.setHeader('content-type', 'text/html').end(page.html);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  teardown.add({
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  const chrome = await launchChromium();
  teardown.add({ stop: () => chrome.close() });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ api, origin },
    browser: () => chrome.newContext(),
    open: async (browser, user, { script = '', options = '', body = '', policy, classic = false } = {}) => {
      const start = `window.sojourn = Sojourn.start({ url: '${api.url}', token: '${user.token}', ${options} }); ${script}`;
      const tags = classic
        ? `<script nonce="${NONCE}" src="${api.url}/sdk/v1/sojourn.js"></script><script nonce="${NONCE}">${start}</script>`
        : `<script nonce="${NONCE}" type="module">import { Sojourn } from '${api.url}/sdk/v1/index.js'; ${start}</script>`;
      const html = `<!doctype html><html lang="en"><title>An app</title><body>${body}${tags}</body></html>`;
      pages.set(user.id, { html, policy: policy?.replaceAll('{api}', api.url) });
      const page = await browser.newPage();
      await page.goto(`${origin}/${user.id}/shop`);
      return page;
    },
    stop: () => teardown.stop(),
  };
}
