import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { diagram } from '../../cli/simulate/flow/diagram';
import { FLOW_STYLE } from '../../cli/simulate/flow/svg';
import { comparisonPage, simulationPage } from '../../cli/simulate/page';
import { loadPopulation } from '../../cli/simulate/population-file';
import { htmlPage } from '../../api/html';
import { loadDefinitions, type LoadedDefinitions } from '../../config/definitions';
import { launchChromium } from '../../dev/chromium';
import { livesOfPeople } from '../../engine/simulate';
import { comparisonOf, type Comparison } from '../../engine/simulate/comparison';
import type { JourneyReport } from '../../engine/simulate/journey-report';
import { PairedTally } from '../../engine/simulate/paired-tally';
import { People } from '../../engine/simulate/person';
import { spanOf } from '../../engine/simulate/span';

const ROOT = join(__dirname, '..', '..');
const SPAN = spanOf({ days: 21, seed: 2 });
const PEOPLE = 60;
const DESK = { viewport: { width: 1_200, height: 900 } } as const;
const PHONE = { viewport: { width: 390, height: 844 } } as const;

let shipped: LoadedDefinitions;
let comparison: Comparison;
/** Two of the journeys: their page has every part that the page of all has, and axe looks at each element of a page for a while. */
let fewJourneys: LoadedDefinitions;
let few: Comparison;
let browser: Browser;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  [shipped, browser] = await Promise.all([loadDefinitions(join(ROOT, 'journeys')), launchChromium()]);
  comparison = await compared(shipped, withoutNudge(shipped));
  fewJourneys = { ...shipped, journeys: shipped.journeys.filter(({ id }) => ['dormancy', 'win-back'].includes(id)) };
  few = await compared(fewJourneys, withoutNudge(fewJourneys));
});
afterAll(() => browser.close());
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});

/** The journeys without that of dormant people, as an edit that concerns the others only by what they get more of. */
function withoutNudge(definitions: LoadedDefinitions): LoadedDefinitions {
  return { ...definitions, journeys: definitions.journeys.filter(({ id }) => id !== 'dormancy') };
}

async function compared(before: LoadedDefinitions, after: LoadedDefinitions): Promise<Comparison> {
  const people = new People(loadPopulation(join(ROOT, 'journeys', 'population.ts')), SPAN);
  const tally = new PairedTally(SPAN.begin);
  const all = { first: 0, count: PEOPLE };
  const old = livesOfPeople(people, before, all);
  for await (const life of livesOfPeople(people, after, all)) {
    const { value, done } = await old.next();
    if (done !== true) tally.add(value, life);
  }
  return comparisonOf(tally, { span: SPAN, from: 'population' }, { before, after });
}

async function open(html: string, options: BrowserContextOptions = DESK): Promise<Page> {
  const context = await browser.newContext(options);
  contexts.push(context);
  const page = await context.newPage();
  await page.setContent(html);
  return page;
}

/** What the page says of one panel: its title, the lines of its axis, its columns and the number of the highest one. */
const PANELS = `[...document.querySelectorAll('.panels figure')].map((figure) => {
  const number = (text) => Number(text.replaceAll(',', ''));
  const columns = [...figure.querySelectorAll('.column')];
  return {
    title: figure.querySelector('figcaption').textContent,
    axis: [...figure.querySelectorAll('line + text')].map((text) => number(text.textContent)),
    values: columns.map((column) => number(column.textContent.split(': ')[1])),
    heights: columns.map((column) => Number(column.getAttribute('height'))),
    most: number(figure.querySelector('.most')?.textContent ?? '0'),
  };
})`;

interface PanelSeen {
  readonly title: string;
  readonly axis: readonly number[];
  readonly values: readonly number[];
  readonly heights: readonly number[];
  readonly most: number;
}

test('the charts show the figures of the simulation, on axes that begin at 0 and end at the highest of them', async () => {
  const { before: simulation } = comparison;
  const page = await open(await simulationPage(simulation, shipped));
  const seen = await page.evaluate<PanelSeen[]>(PANELS);
  const perDay = seen.slice(0, 3);
  expect(perDay.map(({ values }) => values)).toEqual(simulation.channels.map((channel) => channel.perDay));
  const most = Math.max(...simulation.channels.flatMap((channel) => channel.perDay));
  for (const { axis, values, heights, most: said } of perDay) {
    expect([axis[0], axis.length > 1, Math.max(...axis) <= most]).toEqual([0, true, true]);
    expect(said).toBe(Math.max(...values));
    // All have one scale: a message is as high in each.
    values.forEach((value, index) => expect(heights[index]).toBeCloseTo((116 * value) / most, 0));
  }
  const [people] = seen.slice(3);
  expect(people?.values.reduce((sum, value) => sum + value, 0)).toBe(PEOPLE);
  expect(await page.locator('.findings').textContent()).toContain('messages a person in 21 days');
});

test('the diagram of a journey has the people of the simulation on its edges', async () => {
  const { before: simulation } = comparison;
  const page = await open(await simulationPage(simulation, shipped));
  const flow = page.locator('#flow-of-onboarding');
  const { ways, entered } = simulation.journeys.find(({ journey }) => journey === 'onboarding') as JourneyReport;
  const onward = ways.filter(({ left }) => left === '');
  const shown = await flow.locator('.label .name').allTextContents();
  expect(
    shown
      .filter((text) => text !== '0')
      .map(Number)
      .sort(),
  ).toEqual(onward.map(({ people }) => people).sort());
  expect(await flow.locator('.box + .name + .small').first().textContent()).toBe(`${entered} entries`);
  const left = ways.filter((way) => way.left !== '').reduce((sum, { entries }) => sum + entries, 0);
  const said = (await flow.locator('text.small', { hasText: ' left: ' }).allTextContents()).map((text) =>
    parseInt(text, 10),
  );
  expect(said.reduce((sum, entries) => sum + entries, 0)).toBe(left);
});

/** Texts of a diagram that meet another text, or a box other than their own; and boxes that their text does not fit into. */
const COLLISIONS = `[...document.querySelectorAll('svg.flow')].flatMap((svg) => {
  const meet = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
  const within = (a, b) => a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
  const parts = [...svg.querySelectorAll('text')].map((text) => ({ text, at: text.getBoundingClientRect() }));
  const boxes = [...svg.querySelectorAll('.box')].map((box) => ({ box, at: box.getBoundingClientRect() }));
  const name = svg.getAttribute('aria-label');
  const lines = (a, b) => a.text.parentElement === b.text.parentElement;
  const frame = svg.getBoundingClientRect();
  return [
    ...parts.flatMap((a, index) => parts.slice(index + 1).filter((b) => !lines(a, b) && meet(a.at, b.at)).map((b) => [name, a.text.textContent, 'meets', b.text.textContent])),
    ...parts.flatMap((a) => boxes.filter(({ box }) => box.parentElement !== a.text.parentElement).filter(({ at }) => meet(a.at, at)).map(({ box }) => [name, a.text.textContent, 'is over', box.parentElement.textContent])),
    ...parts.flatMap((a) => boxes.filter(({ box, at }) => box.parentElement === a.text.parentElement && !within(a.at, at)).map(() => [name, a.text.textContent, 'leaves its box'])),
    ...parts.filter((a) => !within(a.at, frame)).map((a) => [name, a.text.textContent, 'leaves the diagram']),
  ];
})`;

test('no label meets another one or a box, in the diagram of any journey that ships', async () => {
  const examples = await loadDefinitions(join(ROOT, 'examples'));
  const drawn: string[] = [];
  for (const definitions of [shipped, examples])
    for (const { id } of definitions.journeys)
      drawn.push((await diagram(crowded(id, definitions), definitions))?.svg ?? '');
  expect(drawn.filter((svg) => svg === '')).toEqual([]);
  const page = await open(htmlPage({ title: 'Flows', body: drawn.join('\n'), style: FLOW_STYLE, wide: true }));
  expect(await page.locator('svg.flow').count()).toBe(drawn.length);
  expect(await page.evaluate(COLLISIONS)).toEqual([]);
});

/** A journey in which people go every way, and leave every step: the most that its diagram has to show. */
function crowded(journey: string, { outlines }: LoadedDefinitions): JourneyReport {
  const { steps = [], edges = [] } = outlines.get(journey) ?? {};
  const ways = [
    ...edges.map(({ from, to }) => ({ from, to, left: '' })),
    ...steps.map(({ step }) => ({ from: step, to: null, left: 'Subscription Cancelled' })),
  ].map((way, index) => ({ ...way, entries: 23_456 + index, people: 12_345 + index }));
  const counts = { entered: 234_567, people: 123_456, sent: 0, active: 0, completed: 0, exited: 0, failed: 0 };
  return { journey, ...counts, ends: [], goal: null, budget: null, steps: [], ways };
}

test.each([
  ['light', DESK, undefined],
  // What the colours and the width can change. The rest is the same page.
  ['dark', PHONE, ['color-contrast', 'scrollable-region-focusable']],
] as const)(
  'has nothing that axe finds, and no more than the width it has, in %s',
  async (colorScheme, device, rules) => {
    const html = await comparisonPage(few, 'main', { before: fewJourneys, after: withoutNudge(fewJourneys) });
    const page = await open(html, { colorScheme, ...device });
    await page.locator('details summary').first().click();
    const axe = new AxeBuilder({ page });
    const { violations } = await (rules ? axe.withRules([...rules]) : axe).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  },
);

test('a comparison shows what differs first, and what it was before', async () => {
  const html = await comparisonPage(comparison, 'main', { before: shipped, after: withoutNudge(shipped) });
  const page = await open(html);
  expect(await page.locator('section').first().getAttribute('id')).toBe('differences-from-main');
  const rows = page.locator('#differences-from-main tbody tr');
  const dormancy = comparison.before.journeys.find(({ journey }) => journey === 'dormancy')?.sent ?? 0;
  expect(dormancy).toBeGreaterThan(0);
  expect(await rows.filter({ hasText: 'messages of dormancy' }).first().textContent()).toContain(`−${dormancy}`);
  expect(await page.locator('.was').first().textContent()).toMatch(/^was [\d.]+$/);
  // Contents and concerns lead to sections that exist.
  const links = await page.evaluate<string[]>(
    `[...document.querySelectorAll('a')].map((link) => link.getAttribute('href'))`,
  );
  for (const link of new Set(links)) expect(await page.locator(link).count()).toBe(1);
});
