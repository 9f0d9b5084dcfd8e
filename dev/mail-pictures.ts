import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { EmailContent } from '../activities/templates/content';
import { loadTemplates } from '../activities/templates/load';
import { checkDefinitions } from '../config/check';
import { loadDefinitions } from '../config/definitions';
import { writeSheet } from './picture-sheet';

/** Each sheet: on what the mails are read, and how many stand beside each other. */
const SHEETS: readonly { readonly name: string; readonly columns: number; readonly options: BrowserContextOptions }[] =
  [
    { name: 'mails-light', columns: 3, options: { viewport: { width: 500, height: 420 }, colorScheme: 'light' } },
    { name: 'mails-dark', columns: 3, options: { viewport: { width: 500, height: 420 }, colorScheme: 'dark' } },
    {
      name: 'mails-phone',
      columns: 5,
      options: { viewport: { width: 320, height: 480 }, colorScheme: 'light', hasTouch: true, isMobile: true },
    },
  ];

/**
 * Renders every mail that the journeys in a folder send, with the examples of their events, each once.
 * @returns the mails by journey and template
 */
export async function mailsOf(journeys: string): Promise<ReadonlyMap<string, EmailContent>> {
  const [definitions, templates] = [await loadDefinitions(journeys), await loadTemplates(journeys)];
  const mails = new Map<string, EmailContent>();
  await checkDefinitions(definitions, ({ journey, channel, name, context }) => {
    if (channel === 'email') mails.set(`${journey}/${name}`, templates.get(journey, 'email', name).render(context));
    return [];
  });
  return mails;
}

/** Takes the pictures of the mails that ship, in docs/writing-journeys.md: sheets in light and dark, and on a phone. */
export async function takeMailPictures(browser: Browser, journeys: string, folder: string): Promise<void> {
  const mails = [...(await mailsOf(journeys)).values()];
  for (const { name, columns, options } of SHEETS) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const shots: Buffer[] = [];
    for (const { html } of mails) {
      await page.setContent(html);
      shots.push(await page.screenshot());
    }
    await context.close();
    await writeSheet(browser, { shots, columns, width: options.viewport?.width ?? 0 }, join(folder, `${name}.png`));
  }
}
