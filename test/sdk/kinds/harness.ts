import AxeBuilder from '@axe-core/playwright';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { CARDS, PROFILE } from '../../../sdk/browser/src/gallery/cards';
import type { Example } from '../../../sdk/browser/src/gallery/examples';
import type { State } from '../../../sdk/browser/src/wire';
import { atRest } from '../at-rest';
import { startPages, type Pages } from './pages';

/** How a message looks and speaks, as `Settings` of the SDK, whose types need a browser. */
interface Settings {
  readonly locale: string;
  readonly texts?: Readonly<Record<string, string>>;
  readonly theme?: 'light' | 'dark';
}

/** The smallest phone, held upright. */
export const PHONE: BrowserContextOptions = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
/** What the app knows of a person with three cards, two of them unread. */
export const STATE: State = { messages: CARDS, profile: PROFILE, flags: {}, variants: {}, polls: {} };

/** What the tests of a file open. */
export interface KindPages {
  /** Opens a page of the server. */
  readonly visit: Pages['open'];
  /** Opens the page of an app on which a test shows what it likes. */
  readonly open: (options?: BrowserContextOptions) => ReturnType<Pages['open']>;
  /** The origin of the pages. */
  readonly origin: () => string;
}

/** Starts Chromium and the server of the pages before the tests of a file, and stops them after. The pages of a test close with it. */
export function kindPages(): KindPages {
  let pages: Pages;
  beforeAll(async () => {
    pages = await startPages();
  });
  afterEach(() => pages.closeAll());
  afterAll(() => pages.stop());
  return {
    visit: (path, options) => pages.open(path, options),
    open: async (options) => {
      const opened = await pages.open('/gallery/harness', options);
      await opened.page.locator('html[data-ready]').waitFor();
      return opened;
    },
    origin: () => pages.origin,
  };
}

/** Calls what sdk/browser/src/gallery/harness.ts puts into the page. */
export const harness = (page: Page, name: string, ...given: unknown[]): Promise<unknown> =>
  page.evaluate(
    ([called, args]) => {
      const { harness: own } = globalThis as unknown as { harness: Record<string, (...all: unknown[]) => unknown> };
      return own[called]?.(...args);
    },
    [name, given] as const,
  );

/** The same for what it measures, once nothing moves. */
export async function measured(page: Page, name: string, ...given: unknown[]): Promise<unknown> {
  await atRest(page);
  return harness(page, name, ...given);
}

/** Shows a message. */
export const show = (page: Page, example: Example, settings: Settings = { locale: 'en' }): Promise<unknown> =>
  harness(page, 'show', example, settings);

/** What the person did with the messages of the page, in order. */
export const logOf = (page: Page): Promise<[string, unknown?][]> => page.evaluate('harness.log');

/** The label or the text of what has the focus. */
export const focused = (page: Page): Promise<unknown> => harness(page, 'focused');

/** The tag that shows messages of a kind. */
export const element = (name: string): string => `sojourn-${name}`;

/** Whether the focus is in a message. */
export const holdsFocus = (page: Page, name: string): Promise<boolean> =>
  page.evaluate(`document.activeElement?.localName === '${element(name)}'`);

/** Waits until a message has left the page. */
export const gone = (page: Page, name: string): Promise<void> =>
  page.locator(element(name)).waitFor({ state: 'detached' });

/** Which parts of a message or widget are wider than the room they have. */
export const overflowing = (page: Page, name: string): Promise<unknown> => measured(page, 'overflowing', element(name));

/** What axe finds on the page. */
export async function violations(page: Page, except: string[] = []): Promise<unknown[]> {
  // The contrast of what still moves in is lower: it is half transparent.
  await atRest(page);
  const { violations: found } = await new AxeBuilder({ page }).exclude(except).analyze();
  return found.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ target, failureSummary }) => [target, failureSummary]),
  }));
}
