import { kindPages, violations } from './harness';

const { visit } = kindPages();

describe('the gallery', () => {
  it('shows each kind in four frames, and logs what is done in them', async () => {
    const { page, problems } = await visit('/gallery');
    await page.getByRole('link', { name: 'Slide in' }).click();
    await page.getByRole('heading', { name: 'Slide in' }).waitFor();
    expect(await page.locator('iframe').count()).toBe(4);
    await page.locator('iframe').first().contentFrame().getByRole('button', { name: 'Close' }).click();
    await page.getByText('dismissed').waitFor();
    expect(problems).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has nothing that axe finds, in %s', async (colorScheme) => {
    // The frames are pages of an app, and tested by themselves.
    const { page } = await visit('/gallery#checklist', { colorScheme });
    await page.locator('iframe').last().contentFrame().locator('html[data-ready]').waitFor();
    expect(await violations(page, ['iframe'])).toEqual([]);
  });
});
