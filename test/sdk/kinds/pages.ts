import { resolve } from 'node:path';
import { build } from 'esbuild';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../../../dev/chromium';
import { startGallery } from '../../../dev/gallery';
import { createTeardown } from '../../../dev/teardown';

export interface Pages {
  readonly origin: string;
  /** Opens a page. What goes wrong in it fails the test that asks for `problems`. */
  open(path: string, options?: BrowserContextOptions): Promise<{ page: Page; problems: string[] }>;
  /** Closes all pages that were opened. Each is a process. */
  closeAll(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Chromium and a server of the gallery's pages, built as the SDK is. */
export async function startPages(): Promise<Pages> {
  const teardown = createTeardown();
  const { outputFiles } = await build({
    entryPoints: [resolve('sdk', 'browser', 'src', 'gallery', 'harness.ts')],
    ...{ bundle: true, format: 'esm', target: 'es2022', write: false },
  });
  const gallery = await startGallery({
    '/gallery/harness': HARNESS,
    '/gallery/harness.js': outputFiles[0]?.text ?? '',
  });
  teardown.add(gallery);
  const { origin } = gallery;
  const browser = await launchChromium();
  teardown.add({ stop: () => browser.close() });
  return {
    origin,
    open: async (path, options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1000, height: 700 }, ...options });
      const page = await context.newPage();
      const problems: string[] = [];
      page.on('pageerror', ({ message }) => problems.push(message));
      page.on('console', (said) => said.type() === 'error' && problems.push(said.text()));
      await page.goto(`${origin}${path}`);
      return { page, problems };
    },
    closeAll: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    stop: () => teardown.stop(),
  };
}

/** An app's page, on which a test shows what it likes. */
const HARNESS = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page of an app</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/gallery/icon.svg"><link rel="stylesheet" href="/gallery/frame.css"><script type="module" src="/gallery/harness.js"></script></head>
<body><header><strong>Northwind</strong><span id="widgets"></span></header>
<main><h1>Good morning</h1><p><button type="button" id="export">Export</button> <button type="button" id="other">Other</button></p></main></body></html>`;
