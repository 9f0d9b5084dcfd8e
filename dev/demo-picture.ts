import { join } from 'node:path';
import type { Browser } from 'playwright-core';

/** Wide enough for the drawer, the page and a message beside each other. */
const WINDOW = { width: 1280, height: 800 } as const;

/**
 * Takes the picture of the demo in docs/in-app.md: a person with a survey, and beside it what was decided for them.
 * @param url of the API
 */
export async function takeDemoPicture(browser: Browser, url: string, folder: string): Promise<void> {
  const page = await browser.newPage({ viewport: WINDOW, reducedMotion: 'reduce', colorScheme: 'light' });
  const act = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
  const decided = (what: string): Promise<void> => page.locator('#decisions li', { hasText: what }).first().waitFor();
  await page.goto(`${url}/demo`);
  await act('Ada');
  await act('Finish a course');
  await page.locator('sojourn-survey').waitFor();
  await decided('their answers');
  await act('Book a class');
  await page.getByRole('button', { name: 'Messages, Unread: 1' }).waitFor();
  await decided('do you come');
  await page.screenshot({ path: join(folder, 'demo.png') });
  await page.close();
}
