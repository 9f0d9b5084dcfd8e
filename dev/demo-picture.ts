import { join } from 'node:path';
import type { Browser } from 'playwright-core';

/** Wide enough for the drawer, the page and a message beside each other. */
const WINDOW = { width: 1280, height: 800 } as const;

/**
 * Takes the pictures of the demo in docs/in-app.md: a person with a survey, and beside it what was decided for them; and the same person
 * with the courier of their order, in conversation.
 * @param url of the API
 */
export async function takeDemoPictures(browser: Browser, url: string, folder: string): Promise<void> {
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
  await act('Order a fruit box');
  await act('A courier takes it');
  const [own, courier] = [page.locator('sojourn-chat'), page.frameLocator('#phone').locator('sojourn-chat')];
  await courier.locator('.bell').click();
  await courier.getByRole('button', { name: 'I am on my way' }).click();
  await courier.getByRole('button', { name: 'I have arrived' }).click();
  await page.getByRole('button', { name: 'Chat, Unread: 2' }).click();
  await own.getByRole('button', { name: 'I am at the door' }).click();
  await own.locator('.state', { hasText: 'Seen' }).waitFor();
  await page.screenshot({ path: join(folder, 'demo-chat.png') });
  await page.close();
}
