import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { signUnsubscribe } from '../config/tokens';
import { writeSheet } from './picture-sheet';

const SHEETS: readonly { readonly name: string; readonly options: BrowserContextOptions }[] = [
  { name: 'pages-light', options: { viewport: { width: 480, height: 300 }, colorScheme: 'light', locale: 'en' } },
  {
    name: 'pages-phone-dark',
    options: {
      ...{ viewport: { width: 320, height: 420 }, hasTouch: true, isMobile: true },
      ...{ colorScheme: 'dark', locale: 'de' },
    },
  },
];

/** The API that shows the pages, and what signs its links. */
interface Api {
  readonly url: string;
  readonly secret: string;
}

/** Takes the pictures of the pages that a link in a mail opens, in docs/writing-journeys.md. Nobody who is known is unsubscribed. */
export async function takePagePictures(browser: Browser, { url, secret }: Api, folder: string): Promise<void> {
  const link = signUnsubscribe(secret, { userId: 'of-the-pictures', channel: 'email', messageId: 'of-the-pictures' });
  for (const { name, options } of SHEETS) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const shots = [await shotOf(page, `${url}/u/${link}`)];
    await page.getByRole('button').click();
    await page.locator('form').waitFor({ state: 'detached' });
    shots.push(await page.screenshot(), await shotOf(page, `${url}/u/cut-off`));
    await context.close();
    const { width = 0 } = options.viewport ?? {};
    await writeSheet(browser, { shots, width, columns: shots.length }, join(folder, `${name}.png`));
  }
}

async function shotOf(page: Page, address: string): Promise<Buffer> {
  await page.goto(address);
  return page.screenshot();
}
