import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { PATH } from './templates-page';

/** A template with two channels, of the journeys that ship. */
const SHOWN = 'journey=onboarding&template=nudge-friendly';

/** Takes the picture of the page of the templates, in docs/writing-journeys.md. @param url where the page is served */
export async function takeTemplatePicture(browser: Browser, url: string, folder: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 900 }, colorScheme: 'light' });
  await page.goto(`${url}${PATH}?${SHOWN}`);
  await page.getByText('Shows each edit when it is saved.').waitFor();
  await page.screenshot({ path: join(folder, 'templates.png'), fullPage: true });
  await page.close();
}
