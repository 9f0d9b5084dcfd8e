import type { Page } from 'playwright-core';
import { boxOf } from '../at-rest';
import { exampleOf, NAMES } from './examples';
import { element, harness, kindPages, measured, overflowing, PHONE, show, violations } from './harness';

const { open } = kindPages();

describe.each(NAMES)('%s', (name) => {
  it('is as wide as a phone at most, and its targets are big enough for a finger', async () => {
    const { page } = await open(PHONE);
    await show(page, exampleOf(name));
    const box = await boxOf(page.locator(element(name)));
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(320);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    expect(await overflowing(page, name)).toEqual([]);
    for (const target of await page.locator(element(name)).getByRole('button').all()) {
      expect((await boxOf(target)).height).toBeGreaterThanOrEqual(44);
    }
  });

  it('is laid out from right to left where the page is', async () => {
    const { page } = await open();
    await page.evaluate(`document.documentElement.dir = 'rtl'`);
    await show(page, exampleOf(name));
    const close = await boxOf(page.getByRole('button', { name: 'Close' }));
    const title = await boxOf(page.locator(`${element(name)} #title`).first());
    expect(close.x).toBeLessThan(title.x + title.width / 2);
    expect(await measured(page, 'styleOf', element(name), '.panel', 'direction')).toBe('rtl');
  });

  it('does not move where motion is reduced', async () => {
    const { page } = await open({ reducedMotion: 'reduce' });
    await show(page, exampleOf(name));
    expect(await harness(page, 'moving', element(name))).toBe(0);
  });

  it.each(['light', 'dark'] as const)('has nothing that axe finds, in %s', async (theme) => {
    const { page } = await open({ reducedMotion: 'reduce' });
    await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
    await show(page, exampleOf(name));
    await page.locator(element(name)).getByRole('button').first().waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe('the look', () => {
  const background = (page: Page) => measured(page, 'styleOf', 'sojourn-slide-in', '.panel', 'background-color');

  it('follows the color-scheme of the page, unless the app says otherwise', async () => {
    const { page } = await open();
    await show(page, exampleOf('slide-in'));
    expect(await background(page)).toBe('rgb(255, 255, 255)');
    await page.evaluate(`document.documentElement.dataset.theme = 'dark'`);
    expect(await background(page)).toBe('rgb(18, 21, 27)');
    const { page: other } = await open();
    await show(other, exampleOf('slide-in'), { locale: 'en', theme: 'dark' });
    expect(await background(other)).toBe('rgb(18, 21, 27)');
  });

  it('takes the tokens and parts that the app sets', async () => {
    const { page } = await open();
    await page.evaluate(`(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(':root { --sojourn-bg: rgb(1, 2, 3) } sojourn-slide-in::part(title) { color: rgb(4, 5, 6) }');
      document.adoptedStyleSheets = [sheet];
    })()`);
    await show(page, exampleOf('slide-in'));
    expect(await background(page)).toBe('rgb(1, 2, 3)');
    expect(await measured(page, 'styleOf', 'sojourn-slide-in', '#title', 'color')).toBe('rgb(4, 5, 6)');
  });
});
