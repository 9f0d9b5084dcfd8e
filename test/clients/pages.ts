import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium } from '../../dev/chromium';
import { createTeardown } from '../../dev/teardown';
import { WRITE_KEY } from '../api/server';

/** What the pages load: the clients' own bundles, and the settings that each fetches from its vendor. */
const BUNDLES: Readonly<Record<string, string>> = {
  '/segment.js': '@segment/analytics-next/dist/umd/index.js',
  '/rudder.js': '@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js',
};
const SETTINGS: Readonly<Record<string, object>> = {
  [`/v1/projects/${WRITE_KEY}/settings`]: { integrations: { 'Segment.io': { apiKey: WRITE_KEY } }, plan: {} },
  '/sourceConfig/': {
    source: {
      ...{ id: 'source', name: 'Sojourn', writeKey: WRITE_KEY, enabled: true, workspaceId: 'workspace' },
      ...{ config: {}, destinations: [], connections: [], updatedAt: '2024-05-01T10:00:00Z' },
    },
  },
};

/** A real browser, and pages on an origin of their own. */
export interface Pages {
  /** The origin of the pages. */
  readonly origin: string;
  /** Opens an empty page that has loaded a client's bundle. */
  open(bundle: '/segment.js' | '/rudder.js'): Promise<Page>;
  stop(): Promise<void>;
}

/** Starts Chromium and a server of pages. @param clients the folder with the clients */
export async function startPages(clients: string): Promise<Pages> {
  const teardown = createTeardown();
  const server = createServer(({ url = '' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const [bundle, settings] = [BUNDLES[pathname], SETTINGS[pathname]];
    if (bundle) response.setHeader('content-type', 'text/javascript').end(readFileSync(join(clients, bundle)));
    else if (settings) response.setHeader('content-type', 'application/json').end(JSON.stringify(settings));
    else response.setHeader('content-type', 'text/html').end('<!doctype html><title>A page</title>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  teardown.add({
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  const browser = await launchChromium();
  teardown.add({ stop: () => browser.close() });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    open: async (bundle) => {
      const page = await (await browser.newContext()).newPage();
      await page.goto(`${origin}/`);
      await page.addScriptTag({ url: bundle });
      return page;
    },
    stop: () => teardown.stop(),
  };
}
