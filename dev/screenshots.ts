import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { workflowId } from '../temporal/signal';
import { findChromium } from './chromium';
import { live, type ReplayedUser } from './demo/run';
import { report, runInForeground } from './foreground';
import { NAMESPACE } from './temporal';

const FOLDER = resolve('.sojourn', 'screenshots');
const IMAGES = resolve('docs', 'images');
/** Few enough to be told apart, long enough for somebody to have fallen silent. */
const PEOPLE = 12;
const DAYS = 26;
/** So high that nothing has to be scrolled to. */
const WINDOW = { width: 1400, height: 2400 } as const;

/** Who has most to tell of those in win-back: silent for weeks, with a timer that runs. */
const SOMEBODY = `
  SELECT user_id AS id FROM runs JOIN messages m USING (user_id)
  WHERE runs.journey = 'win-back' AND runs.status = 'active' AND m.status = 'sent'
  GROUP BY user_id ORDER BY count(DISTINCT m.id) DESC, user_id LIMIT 1`;

// `npm run screenshots`: the pictures of docs/operating.md, taken of people who lived for some weeks.
runInForeground(async (teardown) => {
  const executablePath = findChromium();
  report(`letting ${PEOPLE} people live ${DAYS} days`);
  const lived = await live(teardown, { folder: FOLDER, size: PEOPLE, days: DAYS, report, watch: () => undefined });
  report('taking pictures');
  mkdirSync(IMAGES, { recursive: true });
  // Chromium can't make its sandbox as root or in a container; it sees pages of our own only.
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  teardown.add({ stop: () => browser.close() });
  await takePictures(await browser.newPage({ viewport: WINDOW }), lived);
  return 'done';
});

async function takePictures(page: Page, { stack, database }: ReplayedUser): Promise<void> {
  const { rows } = await database.pool.query<{ id: string }>(SOMEBODY);
  const [somebody] = rows;
  if (!somebody) throw new Error('Nobody is in win-back: there is nobody to take a picture of.');
  const workflows = `${stack.pages.temporal ?? ''}/namespaces/${NAMESPACE}/workflows`;
  await takeList(page, `${workflows}?query=${encodeURIComponent('Stage = "dormant"')}`);
  await page.goto(`${workflows}/${encodeURIComponent(workflowId(somebody.id))}`);
  await takeTimeline(page);
  await takeDetails(page);
}

/** Everybody of one stage. */
async function takeList(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('link', { name: 'lifecycle/' }).first().waitFor();
  await take(page, 'list', { x: 0, y: 0, width: WINDOW.width, height: 420 });
}

/** What happened to one person, the first event at the top. */
async function takeTimeline(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Minimized' }).click();
  await page.getByRole('button', { name: 'Descending' }).click();
  await page.getByRole('button', { name: 'Ascending' }).waitFor();
  const box = await page.locator('svg', { hasText: 'Signed Up' }).boundingBox();
  if (!box) throw new Error('The Temporal UI shows no timeline.');
  const { x, y, width, height } = box;
  await take(page, 'timeline', { x: x - MARGIN, y: y - HEADING, width: width + 2 * MARGIN, height: height + HEADING });
}

/** Where one person is, and why. */
async function takeDetails(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'User Metadata' }).click();
  await page.locator('iframe').last().contentFrame().getByRole('link', { name: 'Timeline' }).waitFor();
  await take(page, 'details', { x: 0, y: 0, width: WINDOW.width, height: 1000 });
}

/** Pixels around the timeline, and of the heading above it. */
const MARGIN = 16;
const HEADING = 60;

interface Clip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function take(page: Page, name: string, clip: Clip): Promise<void> {
  await page.screenshot({ path: join(IMAGES, `${name}.png`), clip });
}
