import { exampleOf, NAMES } from './examples';
import { element, focused, harness, holdsFocus, kindPages, measured, show, violations } from './harness';

const { open } = kindPages();

describe.each(NAMES)('%s', (name) => {
  it.each(['light', 'dark'] as const)('has nothing that axe finds, in %s', async (theme) => {
    const { page } = await open({ reducedMotion: 'reduce' });
    await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
    await show(page, exampleOf(name));
    await page.locator(element(name)).getByRole('button').first().waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('stays readable, and shows its edge and the focus, where the system forces its colors', async () => {
    const { page } = await open({ forcedColors: 'active', reducedMotion: 'reduce' });
    await show(page, exampleOf(name));
    expect(await measured(page, 'styleOf', element(name), '.panel', 'border-top-style')).toBe('solid');
    expect(await violations(page)).toEqual([]);
    const [seen, unseen] = [new Set<unknown>(), new Set<unknown>()];
    for (let tabs = 0; tabs < 12; tabs++) {
      await page.keyboard.press('Tab');
      if (await holdsFocus(page, name)) ((await harness(page, 'ringed')) ? seen : unseen).add(await focused(page));
    }
    expect([...unseen]).toEqual([]);
    expect(seen).toContain('Close');
  });
});
