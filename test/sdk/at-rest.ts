import type { Locator, Page } from 'playwright-core';

/** A box on the screen, in pixels. */
export type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;

/** Finds what runs in shadow roots, too: `document.getAnimations()` leaves it out. */
const AT_REST = `(async () => {
  const animations = (root) => [
    ...root.getAnimations(),
    ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? animations(shadowRoot) : [])),
  ];
  const running = () => animations(document).filter(({ playState }) => playState === 'running');
  for (let now = running(); now.length > 0; now = running()) await Promise.allSettled(now.map(({ finished }) => finished));
})()`;

/** Waits until nothing on the page moves. A panel that still enters stands elsewhere, and lets through what is behind it. */
export const atRest = (page: Page): Promise<unknown> => page.evaluate(AT_REST);

/** Returns where an element stands once nothing on the page moves. */
export async function boxOf(locator: Locator): Promise<Box> {
  await locator.waitFor();
  await atRest(locator.page());
  const box = await locator.boundingBox();
  if (!box) throw new Error(`${String(locator)} has no box. Expected it to be drawn.`);
  return box;
}
