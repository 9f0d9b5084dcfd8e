import type { BrowserContextOptions } from 'playwright-core';
import { CARDS, PROFILE } from '../../../sdk/browser/src/gallery/cards';
import { messageOf } from '../../../sdk/browser/src/gallery/examples';
import type { State } from '../../../sdk/browser/src/wire';
import { boxOf } from '../at-rest';
import { ATTACK, attacked } from './examples';
import { focused, harness, kindPages, logOf, measured, overflowing, PHONE, STATE, violations } from './harness';

const { open, origin } = kindPages();

describe('the inbox', () => {
  const withInbox = async (state: State = STATE, options?: BrowserContextOptions) => {
    const opened = await open(options);
    await harness(opened.page, 'widget', 'sojourn-inbox', state);
    return opened;
  };

  it('counts what is unread, up to nine', async () => {
    const { page } = await withInbox();
    await page.getByRole('button', { name: 'Messages, Unread: 2' }).waitFor();
    const many = Array.from({ length: 12 }, (_, n) =>
      messageOf({ kind: 'card', title: `Card ${n}` }, { id: `card-${n}` }),
    );
    await harness(page, 'showState', { ...STATE, messages: many });
    await page.getByText('9+').waitFor();
  });

  it('lists cards by day, newest first, opened and closed by keyboard', async () => {
    const { page } = await withInbox();
    await page.getByRole('button', { name: 'Messages' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Messages' }).waitFor();
    expect(await page.locator('sojourn-inbox h3').allTextContents()).toEqual([
      'Today',
      'Yesterday',
      expect.stringContaining('November'),
    ]);
    expect(await page.locator('sojourn-inbox .unread').count()).toBe(2);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Messages' }).waitFor({ state: 'hidden' });
    expect(await focused(page)).toContain('Messages');
  });

  it('says what will come where it is empty', async () => {
    const { page } = await withInbox({ ...STATE, messages: [] });
    await page.getByRole('button', { name: 'Messages' }).click();
    await page.getByText('Nothing here yet').waitFor();
  });

  it('takes a choice of a card, and then shows it', async () => {
    const { page } = await withInbox();
    await page.getByRole('button', { name: 'Messages' }).click();
    await page.getByRole('button', { name: 'Another day' }).click();
    await page.getByText('Your choice: Another day').waitFor();
  });

  it('removes a card', async () => {
    const { page } = await withInbox();
    await page.getByRole('button', { name: 'Messages' }).click();
    await page.getByRole('button', { name: 'Remove: Your parcel is at the door' }).click();
    await page.getByText('Left at 09:30').waitFor({ state: 'hidden' });
    expect(await logOf(page)).toEqual([['dismissed', 'card-parcel']]);
  });

  it('shows a film with its controls', async () => {
    const film = messageOf({
      kind: 'card',
      title: 'How it is made',
      video: '/gallery/film.mp4',
      image: { url: '/gallery/parcel.svg', alt: 'A parcel' },
    });
    const { page } = await withInbox({ ...STATE, messages: [film] });
    await page.getByRole('button', { name: 'Messages' }).click();
    const video = page.locator('sojourn-inbox video');
    expect(await video.getAttribute('src')).toBe(`${origin()}/gallery/film.mp4`);
    expect(await video.getAttribute('poster')).toBe(`${origin()}/gallery/parcel.svg`);
  });

  it('stays on the screen, also on a phone', async () => {
    for (const options of [{}, PHONE]) {
      const { page } = await withInbox(STATE, options);
      await page.getByRole('button', { name: 'Messages' }).click();
      const box = await boxOf(page.getByRole('dialog', { name: 'Messages' }));
      const { width = 0, height = 0 } = page.viewportSize() ?? {};
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect(box.y + box.height).toBeLessThanOrEqual(height);
      expect(await overflowing(page, 'inbox')).toEqual([]);
    }
  });

  it.each(['light', 'dark'])('has nothing that axe finds, in %s', async (theme) => {
    const { page } = await withInbox();
    await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
    await harness(page, 'widget', 'sojourn-profile', STATE);
    await page.getByRole('button', { name: 'Messages' }).click();
    await page.getByRole('dialog', { name: 'Messages' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('stays readable, and shows its edge and the focus, where the system forces its colors', async () => {
    const { page } = await withInbox(STATE, { forcedColors: 'active' });
    await page.getByRole('button', { name: 'Messages' }).focus();
    await page.keyboard.press('Enter');
    expect(await measured(page, 'styleOf', 'sojourn-inbox', '.panel', 'border-top-style')).toBe('solid');
    expect(await violations(page)).toEqual([]);
    const stops: unknown[] = [];
    for (let tabs = 0; tabs < 3; tabs++) {
      await page.keyboard.press('Tab');
      stops.push([await focused(page), await harness(page, 'ringed')]);
    }
    expect(stops).toEqual([
      ['Close', true],
      ['See the order', true],
      ['Remove: Your parcel is at the door', true],
    ]);
  });

  it('shows markup in cards as text', async () => {
    const { page, problems } = await withInbox({
      ...STATE,
      messages: CARDS.map((message) => attacked({ name: 'card', message }).message),
      profile: { ...PROFILE, badges: [ATTACK] },
    });
    await page.getByRole('button', { name: 'Messages' }).click();
    await page.getByText(ATTACK).first().waitFor();
    expect(await page.locator('sojourn-inbox :is(b, script, a, img)').count()).toBe(0);
    expect(problems).toEqual([]);
  });
});
