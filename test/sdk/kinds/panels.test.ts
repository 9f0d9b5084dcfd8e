import type { Page } from 'playwright-core';
import { messageOf } from '../../../sdk/browser/src/gallery/examples';
import { until } from '../../../dev/until';
import { boxOf } from '../at-rest';
import { changed, exampleOf } from './examples';
import { focused, gone, harness, kindPages, logOf, show } from './harness';

const { open, origin } = kindPages();

describe('a banner', () => {
  it('pushes the page down instead of covering it', async () => {
    const { page } = await open();
    const before = await boxOf(page.locator('h1'));
    await show(page, exampleOf('banner'));
    const banner = await boxOf(page.locator('sojourn-banner'));
    expect(banner.y).toBe(0);
    expect((await boxOf(page.locator('h1'))).y).toBeCloseTo(before.y + banner.height, 0);
  });

  it('stands at the bottom where its edge says so', async () => {
    const { page } = await open();
    await show(page, changed('banner', { edge: 'bottom' }));
    const box = await boxOf(page.locator('sojourn-banner'));
    expect(box.y + box.height).toBeCloseTo(700, 0);
  });

  it('leads to its address once, and lets the client follow it', async () => {
    const { page } = await open();
    await show(page, exampleOf('banner'));
    await page.getByRole('link', { name: 'See what is new' }).dblclick();
    expect(await logOf(page)).toEqual([['clicked', '/new']]);
    expect(page.url()).toBe(`${origin()}/gallery/harness`);
  });
});

describe('a modal', () => {
  it('takes the focus and keeps it', async () => {
    const { page } = await open();
    await page.locator('#other').focus();
    await show(page, exampleOf('modal'));
    expect(await focused(page)).toBe('Choose a plan');
    const seen = new Set<unknown>();
    for (let tabs = 0; tabs < 8; tabs++) {
      await page.keyboard.press('Tab');
      seen.add(await focused(page));
    }
    expect(seen).toContain('Close');
    expect(seen).toContain('Not now');
    expect(seen).not.toContain('Export');
    expect(seen).not.toContain('Other');
  });

  it('is a dialog with a name and a description', async () => {
    const { page } = await open();
    await show(page, exampleOf('modal'));
    const dialog = page.getByRole('dialog', { name: 'Your trial ends on Friday' });
    await dialog.waitFor();
    expect(await dialog.getAttribute('aria-describedby')).toBe('body');
  });

  it('is left by a click outside, and not by one inside', async () => {
    const { page } = await open();
    await show(page, exampleOf('modal'));
    await page.getByText('Nothing is charged').click();
    expect(await logOf(page)).toEqual([]);
    await page.mouse.click(10, 10);
    expect(await logOf(page)).toEqual([['dismissed']]);
  });
});

describe('choices and putting off', () => {
  const CHOICES = [
    { value: 'yes', label: 'Yes' },
    { value: 'later', label: 'Another day' },
  ];

  it('takes one choice, and no second one', async () => {
    const { page } = await open();
    await show(page, {
      name: 'modal',
      message: messageOf({ kind: 'modal', title: 'Does Tuesday suit you?', choices: CHOICES }),
    });
    await page.getByRole('button', { name: 'Another day' }).dblclick();
    await gone(page, 'modal');
    expect(await logOf(page)).toEqual([['answer', 'later'], ['dismissed']]);
  });

  it('puts a message off', async () => {
    const { page } = await open();
    await show(page, exampleOf('slide-in'));
    await page.getByRole('button', { name: 'Tomorrow' }).click();
    expect(await logOf(page)).toEqual([['snoozed']]);
  });

  it('speaks a message that does not interrupt', async () => {
    const { page } = await open();
    await page.locator('#other').focus();
    await show(page, exampleOf('slide-in'));
    await page.getByRole('status').filter({ hasText: 'Pick up where you left off' }).waitFor({ state: 'attached' });
    expect(await focused(page)).toBe('Other');
  });

  it('speaks the language of the page, and the words of the app', async () => {
    const { page } = await open();
    await show(page, exampleOf('modal'), { locale: 'de-AT', texts: { close: 'Weg damit' } });
    await page.getByRole('button', { name: 'Jetzt nicht' }).waitFor();
    await page.getByRole('button', { name: 'Weg damit' }).waitFor();
  });
});

describe('a tip', () => {
  const boxes = async (page: Page) => ({
    tip: await boxOf(page.locator('sojourn-tip')),
    anchor: await boxOf(page.locator('#export')),
  });

  it('stands below its anchor, and goes where it goes', async () => {
    const { page } = await open();
    await show(page, exampleOf('tip'));
    const { tip, anchor } = await boxes(page);
    expect(tip.y).toBeCloseTo(anchor.y + anchor.height + 12, 0);
    await page.evaluate(`document.querySelector('main').style.paddingTop = '200px'`);
    await until('the tip has moved', async () => (await boxes(page)).tip.y > tip.y + 100);
  });

  it('flips above an anchor that is low, and stays on the screen beside one at the edge', async () => {
    const { page } = await open();
    await page.evaluate(
      `Object.assign(document.querySelector('#export').style, { position: 'fixed', bottom: '4px', right: '2px' })`,
    );
    await show(page, exampleOf('tip'));
    const { tip, anchor } = await boxes(page);
    expect(tip.y + tip.height).toBeLessThanOrEqual(anchor.y);
    expect(tip.x + tip.width).toBeLessThanOrEqual(1000);
    expect(await page.locator('sojourn-tip').getAttribute('side')).toBe('above');
  });

  it('is not seen while its anchor is not, and returns with it', async () => {
    const { page } = await open();
    await show(page, exampleOf('tip'));
    await page.evaluate(`document.querySelector('#export').hidden = true`);
    await page.getByRole('heading', { name: 'Share it with your team' }).waitFor({ state: 'hidden' });
    await page.evaluate(`document.querySelector('#export').hidden = false`);
    await page.getByRole('heading', { name: 'Share it with your team' }).waitFor();
  });
});

describe('progress and checklist', () => {
  it('moves when a newer state arrives, and says so', async () => {
    const { page } = await open();
    const example = exampleOf('progress');
    await show(page, example);
    const { message } = changed('progress', { title: 'Your order is on its way', progress: 0.75 });
    await harness(page, 'update', message);
    await page.getByRole('heading', { name: 'Your order is on its way' }).waitFor();
    expect(await page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('75');
    await page.getByRole('status').filter({ hasText: 'on its way' }).waitFor({ state: 'attached' });
  });

  it('leads to where a step is done', async () => {
    const { page } = await open();
    await show(page, exampleOf('checklist'));
    await page.getByText('2 of 4').waitFor();
    await page.getByRole('link', { name: 'Add a photo' }).click();
    expect(await logOf(page)).toEqual([['clicked', '/photos']]);
  });
});
