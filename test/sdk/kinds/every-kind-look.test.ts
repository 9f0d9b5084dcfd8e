import type { Page } from 'playwright-core';
import { ARABIC_TEXTS, inArabic } from '../../../sdk/browser/src/gallery/arabic';
import { boxOf } from '../at-rest';
import { exampleOf, NAMES } from './examples';
import { element, harness, kindPages, measured, overflowing, PHONE, show } from './harness';

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

  it('is laid out from right to left in Arabic', async () => {
    const { page } = await open();
    await page.evaluate(`Object.assign(document.documentElement, { dir: 'rtl', lang: 'ar' })`);
    await show(page, inArabic(exampleOf(name)), { locale: 'ar', texts: ARABIC_TEXTS });
    const close = await boxOf(page.getByRole('button', { name: 'إغلاق' }));
    const title = page.locator(`${element(name)} #title`).first();
    expect(await title.textContent()).toMatch(/^[^a-z]+$/i);
    const { x, width } = await boxOf(title);
    expect(close.x).toBeLessThan(x + width / 2);
    expect(await measured(page, 'styleOf', element(name), '.panel', 'direction')).toBe('rtl');
    // Its lines begin at the right, or stand in the middle.
    const { left, right } = (await measured(page, 'gaps', element(name), '#title')) as Record<'left' | 'right', number>;
    expect(right).toBeLessThanOrEqual(left + 1);
  });

  it('does not move where motion is reduced', async () => {
    const { page } = await open({ reducedMotion: 'reduce' });
    await show(page, exampleOf(name));
    expect(await harness(page, 'moving', element(name))).toBe(0);
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
