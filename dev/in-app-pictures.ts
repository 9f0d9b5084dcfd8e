import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { startGallery } from './gallery';
import { writeSheet } from './picture-sheet';

/** What is shown of each kind and widget: the lower part of a page, or all of it. */
const KINDS = [
  'banner',
  'modal',
  'slide-in',
  'tip',
  'survey',
  'rating',
  'poll',
  'quiz',
  'progress',
  'checklist',
  'celebration',
  'inbox',
  'chat',
  'chat-question',
  'chat-list',
] as const;

const DESKTOP: BrowserContextOptions = { viewport: { width: 500, height: 400 } };
const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 420 }, hasTouch: true, isMobile: true };

/** Each sheet: its name, how its pages are asked for, and on what. */
const SHEETS = [
  { name: 'in-app-light', query: 'theme=light', options: DESKTOP, kinds: KINDS },
  { name: 'in-app-dark', query: 'theme=dark', options: DESKTOP, kinds: KINDS },
  { name: 'in-app-phone', query: 'theme=light', options: PHONE, kinds: ['modal', 'survey', 'poll', 'inbox', 'chat'] },
  {
    name: 'in-app-rtl',
    query: 'theme=light&dir=rtl&lang=ar',
    options: DESKTOP,
    kinds: ['banner', 'survey', 'progress', 'chat'],
  },
] as const;

const COLUMNS = 4;

/** Takes the pictures of docs/in-app.md: each a sheet of pages with one message. */
export async function takeInAppPictures(browser: Browser, folder: string): Promise<void> {
  const gallery = await startGallery();
  try {
    for (const { name, query, options, kinds } of SHEETS) {
      const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
      const page = await context.newPage();
      const shots: Buffer[] = [];
      for (const kind of kinds) {
        await page.goto(`${gallery.origin}/gallery/frame?show=${kind}&${query}`);
        await page.locator('html[data-ready]').waitFor();
        // A picture of a result says more than one of a question.
        if (kind === 'poll' || kind === 'quiz') await page.getByRole('button', { name: /blue|Ethiopia/ }).click();
        shots.push(await page.screenshot());
      }
      await context.close();
      const { width = 0 } = options.viewport ?? {};
      await writeSheet(browser, { shots, width, columns: COLUMNS }, join(folder, `${name}.png`));
    }
  } finally {
    await gallery.stop();
  }
}
