import { ATTACK, attacked, exampleOf, NAMES } from './examples';
import { element, focused, gone, harness, holdsFocus, kindPages, logOf, show } from './harness';

const { open } = kindPages();

describe.each(NAMES)('%s', (name) => {
  it('shows its texts, with nothing that a strict policy refuses', async () => {
    const { page, problems } = await open();
    const { message } = exampleOf(name);
    await show(page, exampleOf(name));
    await page
      .locator(element(name))
      .getByText(message.content.title ?? '')
      .first()
      .waitFor();
    expect(problems).toEqual([]);
  });

  it('is left by its close button, once, and is then gone from the page', async () => {
    const { page } = await open();
    await show(page, exampleOf(name));
    await page.getByRole('button', { name: 'Close' }).click();
    await gone(page, name);
    expect(await logOf(page)).toEqual([['dismissed']]);
  });

  it('is left by Escape, and gives the focus back', async () => {
    const { page } = await open();
    await page.locator('#other').focus();
    await show(page, exampleOf(name));
    for (let tabs = 0; tabs < 20 && !(await holdsFocus(page, name)); tabs++) await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await gone(page, name);
    expect(await logOf(page)).toEqual([['dismissed']]);
    // A banner comes first in the page: from there the focus came from elsewhere.
    if (name !== 'banner') expect(await focused(page)).toBe('Other');
  });

  it('shows markup in any of its texts as text', async () => {
    const { page, problems } = await open();
    await show(page, attacked(exampleOf(name)));
    await page.getByText(ATTACK).first().waitFor();
    expect(await page.evaluate('globalThis.attacked')).toBeUndefined();
    expect(await page.locator(`${element(name)} :is(b, script, iframe, [onerror])`).count()).toBe(0);
    expect(await harness(page, 'addresses', element(name))).toEqual([]);
    expect(problems).toEqual([]);
  });
});
