import type { PollResults } from '../../../sdk/browser/src/wire';
import { changed, exampleOf } from './examples';
import { harness, kindPages, logOf, show, violations } from './harness';

const { open } = kindPages();

describe('a poll', () => {
  const votes = (green: number, blue: number): PollResults => ({ votes: { green, blue }, total: green + blue });

  it('shows no results before the vote, and then counts and shares, with the own choice marked', async () => {
    const { page } = await open();
    await show(page, exampleOf('poll'));
    expect(await page.locator('sojourn-poll .total').textContent()).toBe('');
    await page.getByRole('button', { name: 'Ink blue' }).click();
    await page.getByText('Votes: 917').waitFor();
    const own = page.getByRole('button', { name: 'Your choice: Ink blue' });
    expect(await own.getAttribute('aria-pressed')).toBe('true');
    expect(await own.locator('.figures').textContent()).toBe('56% · 509');
    await page.getByRole('status').filter({ hasText: 'Your choice: Ink blue, 56%' }).waitFor({ state: 'attached' });
  });

  it('moves as others vote, in the same rows', async () => {
    const { page } = await open();
    const example = changed('poll', { results: 'always' });
    await show(page, { ...example, results: votes(1, 1) });
    await page.getByText('Votes: 2').waitFor();
    const row = page.getByRole('button', { name: 'Moss green' });
    const same = await row.elementHandle();
    await harness(page, 'update', example.message, votes(3, 1));
    await page.getByText('Votes: 4').waitFor();
    expect(await row.locator('.figures').textContent()).toBe('75% · 3');
    expect(await same.isVisible()).toBe(true);
  });

  it('counts no votes for an option that nobody has chosen, whatever its name', async () => {
    const { page } = await open();
    const options = [
      { value: 'constructor', label: 'Moss green' },
      { value: 'blue', label: 'Ink blue' },
    ];
    const example = changed('poll', { options, results: 'always' }, { answer: 'constructor' });
    await show(page, { ...example, results: { votes: { blue: 2 }, total: 2 } });
    await page.getByRole('status').filter({ hasText: 'Your choice: Moss green, 0%' }).waitFor({ state: 'attached' });
    expect(await page.locator('sojourn-poll .figures').allTextContents()).toEqual(['0% · 0', '100% · 2']);
  });

  it('lets a vote be changed where the poll does, and not otherwise', async () => {
    const { page } = await open();
    await show(page, exampleOf('poll'));
    await page.getByRole('button', { name: 'Ink blue' }).click();
    await page.getByRole('button', { name: 'Brick red' }).click();
    expect(await logOf(page)).toEqual([
      ['answer', 'blue'],
      ['answer', 'red'],
    ]);
    const { page: other } = await open();
    await show(other, changed('poll', { change: false }));
    await other.getByRole('button', { name: 'Ink blue' }).click();
    await other.getByRole('button', { name: 'Brick red' }).click({ force: true });
    expect(await logOf(other)).toEqual([['answer', 'blue']]);
  });

  it('shows never what all chose where it says so', async () => {
    const { page } = await open();
    await show(page, changed('poll', { results: 'never' }));
    await page.getByRole('button', { name: 'Ink blue' }).click();
    await page.getByRole('button', { name: 'Your choice: Ink blue' }).waitFor();
    expect(await page.locator('sojourn-poll .total').textContent()).toBe('');
  });

  it('has nothing that axe finds once it is answered', async () => {
    for (const theme of ['light', 'dark']) {
      const { page } = await open({ reducedMotion: 'reduce' });
      await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
      await show(page, exampleOf('poll'));
      await page.getByRole('button', { name: 'Ink blue' }).click();
      await page.getByText('Votes: 917').waitFor();
      expect(await violations(page)).toEqual([]);
    }
  });
});

describe('a quiz', () => {
  it('says right by a word and a sign, with the points', async () => {
    const { page } = await open();
    await show(page, exampleOf('quiz'));
    await page.getByRole('button', { name: 'Ethiopia' }).click();
    await page.getByText('Right · +10 points', { exact: true }).waitFor();
    expect(await page.locator('sojourn-quiz .verdict .check').count()).toBe(1);
    await page
      .getByRole('status')
      .filter({ hasText: 'Right · +10 points. Its wild forests' })
      .waitFor({ state: 'attached' });
  });

  it('says wrong by a word and a sign, and marks what is right', async () => {
    const { page } = await open({ reducedMotion: 'reduce' });
    await show(page, exampleOf('quiz'));
    await page.getByRole('button', { name: 'Java' }).click();
    await page.getByText('Not quite').first().waitFor();
    await page.getByRole('button', { name: 'Right answer: Ethiopia' }).waitFor();
    await page.getByRole('button', { name: 'Your choice: Java' }).waitFor();
    expect(await page.locator('sojourn-quiz .verdict .close').count()).toBe(1);
    expect(await violations(page)).toEqual([]);
  });
});
