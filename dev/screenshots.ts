import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { SHIPPED_JOURNEYS } from '../config/env';
import { workflowId } from '../temporal/signal';
import { findChromium, launchChromium } from './chromium';
import { DEMO_JOURNEYS } from './demo-app/settings';
import { takeDemoPictures } from './demo-picture';
import { runDemo, type FinishedDemo } from './demo/run';
import { report, runInForeground } from './foreground';
import { takeInAppPictures } from './in-app-pictures';
import { startOurs } from './launch';
import { takeMailPictures } from './mail-pictures';
import { takePagePictures } from './page-pictures';
import { freePort } from './port';
import { JourneySource, readFirst } from './hot';
import { takeSimulationPictures } from './simulation-pictures';
import type { Stack } from './stack';
import type { Teardown } from './teardown';
import { takeTemplatePicture } from './template-pictures';
import { TemplateBoard, templatesPageRoutes } from './templates-page';
import { NAMESPACE } from './temporal';

const FOLDER = resolve('.sojourn', 'screenshots');
const IMAGES = resolve('docs', 'images');
/** Few enough people to tell them apart, and enough days for some of them to become dormant. */
const PEOPLE = 12;
const DAYS = 26;
/** How long to wait for a part of the Temporal UI. Real milliseconds. */
const PATIENCE_MS = 180_000;
/** High enough that no scrolling is needed. */
const WINDOW = { width: 1400, height: 2400 } as const;

/** The user with the most messages among those in win-back: dormant for weeks, with a running timer. */
const SHOWN_USER = `
  SELECT user_id AS id FROM runs JOIN messages m USING (user_id)
  WHERE runs.journey = 'win-back' AND runs.status = 'active' AND m.status = 'sent'
  GROUP BY user_id ORDER BY count(DISTINCT m.id) DESC, user_id LIMIT 1`;

// `npm run screenshots`: takes the pictures of docs/in-app-look.md and docs/writing-journeys.md, those of docs/operating.md after a demo of some weeks, and those of docs/in-app.md.
runInForeground(async (teardown) => {
  // Fails before the simulation if there is none.
  findChromium();
  report(`simulating ${PEOPLE} people for ${DAYS} days`);
  const demo = await runDemo(teardown, { folder: FOLDER, size: PEOPLE, days: DAYS, report, watch: () => undefined });
  report('taking pictures');
  mkdirSync(IMAGES, { recursive: true });
  const browser = await launchChromium();
  teardown.add({ stop: () => browser.close() });
  await takeInAppPictures(browser, IMAGES);
  await takeMailPictures(browser, SHIPPED_JOURNEYS, IMAGES);
  await takeSimulationPictures(browser, IMAGES);
  await takePictures(await browser.newPage({ viewport: WINDOW }), demo);
  report('taking the pictures of the demo');
  // Its worker knows other journeys than the app of the demo, and would take half of the work.
  await demo.ours.stop();
  const url = await startDemoApp(demo.stack, teardown);
  await takeDemoPictures(browser, url, IMAGES);
  await takeTemplatePicture(browser, url, IMAGES);
  await takePagePictures(browser, { url, secret: demo.stack.config.secret }, IMAGES);
  return 'done';
});

/** Starts the app of the demo and the page of the templates beside what runs already. Returns their address. */
async function startDemoApp({ config }: Stack, teardown: Teardown): Promise<string> {
  const port = await freePort();
  const publicUrl = `http://localhost:${port}`;
  const own = { port, publicUrl, metricsPort: await freePort(), speed: 1, journeysPath: DEMO_JOURNEYS };
  const source = new JourneySource(DEMO_JOURNEYS);
  const first = await readFirst(source);
  const board = new TemplateBoard(source, first);
  await startOurs({ ...config, ...own }, teardown, {
    demo: true,
    code: first.code,
    extraRoutes: templatesPageRoutes(board),
  });
  teardown.add(board);
  return publicUrl;
}

async function takePictures(page: Page, { stack, database }: FinishedDemo): Promise<void> {
  const { rows } = await database.pool.query<{ id: string }>(SHOWN_USER);
  const [user] = rows;
  if (!user) throw new Error('No user is in win-back after the demo. Expected at least one; raise PEOPLE or DAYS.');
  // The Temporal UI is slow where the simulation has just ended and the machine is busy.
  page.setDefaultTimeout(PATIENCE_MS);
  // The first page sets the columns of the list.
  await page.goto(stack.pages.temporal ?? '');
  await page.waitForURL('**/workflows*');
  const workflows = `${stack.pages.temporal ?? ''}/namespaces/${NAMESPACE}/workflows`;
  await takeList(page, `${workflows}?query=${encodeURIComponent('Stage = "dormant"')}`);
  await page.goto(`${workflows}/${encodeURIComponent(workflowId(user.id))}`);
  await takeTimeline(page);
  await takeDetails(page);
}

/** Takes the list of all users in one stage. */
async function takeList(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('link', { name: 'lifecycle/' }).first().waitFor();
  await take(page, 'list', { x: 0, y: 0, width: WINDOW.width, height: 420 });
}

/** Takes the timeline of one user, with the first event at the top. Its texts are in the one picture that says `advance`. */
async function takeTimeline(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Minimized' }).click();
  await page.getByRole('button', { name: 'Descending' }).click();
  await page.getByRole('button', { name: 'Ascending' }).waitFor();
  const box = await page.locator('svg', { hasText: 'advance' }).first().boundingBox();
  if (!box) throw new Error("The Temporal UI shows no timeline: expected an SVG that contains 'advance'.");
  const { x, y, width, height } = box;
  await take(page, 'timeline', { x: x - MARGIN, y: y - HEADING, width: width + 2 * MARGIN, height: height + HEADING });
}

/** Takes the details of one user: the current step, and the reason. */
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
