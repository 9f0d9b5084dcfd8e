import { resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { EmailContent } from '../../activities/templates/content';
import { launchChromium } from '../../dev/chromium';
import { mailsOf } from '../../dev/mail-pictures';
import { colours } from '../../look/tokens.json';

const FOLDERS = ['journeys', 'examples'] as const;
let mails: ReadonlyMap<string, EmailContent>;
beforeAll(async () => {
  const all = await Promise.all(FOLDERS.map((folder) => mailsOf(resolve(folder))));
  mails = new Map(all.flatMap((ofFolder, n) => [...ofFolder].map(([name, mail]) => [`${FOLDERS[n]}/${name}`, mail])));
});

/** The names of the mails that lack something. */
const without = (has: (mail: EmailContent) => boolean): string[] =>
  [...mails].flatMap(([name, mail]) => (has(mail) ? [] : [name]));

test('every mail that ships has its language, its subject as title, a preheader, one heading, and styles for dark', () => {
  expect(mails.size).toBeGreaterThan(30);
  expect(without(({ html }) => html.includes('<html lang="en"') && !html.includes('lang="und"'))).toEqual([]);
  expect(without(({ html }) => !html.includes('<title></title>'))).toEqual([]);
  expect(without(({ html }) => html.includes('<meta name="color-scheme" content="light dark">'))).toEqual([]);
  expect(without(({ html }) => /<body[^>]*><div style="display:none/.test(html))).toEqual([]);
  expect(without(({ html }) => html.split('<h1').length === 2)).toEqual([]);
});

test('the text part of every mail has each link of the HTML, and no sign of an image or a tag', () => {
  const links = ({ html }: EmailContent): string[] =>
    [...html.matchAll(/ href="([^"]+)"/g)].map(([, href = '']) => href);
  expect(without((mail) => links(mail).every((href) => mail.text.includes(href.replaceAll('&amp;', '&'))))).toEqual([]);
  expect(without(({ text }) => !/[[\]<>{}]|undefined|\n{3}/.test(text))).toEqual([]);
  expect(mails.get('journeys/onboarding/welcome')?.text).toBe(
    `Welcome, Ada

It is good to have you here. Your account is ready, and three small steps set you up:

 * Sign up. You have just done that.
 * Create your first project. It takes two minutes.
 * Invite a teammate, whenever you like.

Create your first project (https://example.com)`,
  );
});

test('the colours of the mails are those of everything else', () => {
  const known = new Set(Object.values(colours).flatMap((both) => both.map((one) => one.replace(/^#fff$/, '#ffffff'))));
  const used = ({ html }: EmailContent): string[] => [...html.matchAll(/#[0-9a-f]{6}\b/g)].map(([one]) => one);
  expect(without((mail) => used(mail).length > 10 && used(mail).every((one) => known.has(one)))).toEqual([]);
});

test('a mail has nothing that axe finds, in light and in dark, and is no wider than a phone', async () => {
  const browser = await launchChromium();
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ colorScheme, viewport: { width: 320, height: 640 }, isMobile: true });
      const page = await context.newPage();
      await page.setContent(mails.get('journeys/dormancy/nudge')?.html ?? '');
      // What axe asks beyond the standard, such as landmarks, is for pages.
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    }
  } finally {
    await browser.close();
  }
});
