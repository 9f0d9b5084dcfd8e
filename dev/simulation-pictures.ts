import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { simulationPage } from '../cli/simulate/page';
import { findPopulation } from '../cli/simulate/population-file';
import { inThreads } from '../cli/simulate/threads';
import { populationWork } from '../cli/simulate/work';
import { loadDefinitions } from '../config/definitions';
import { simulationOf } from '../engine/simulate/simulation';
import { spanOf } from '../engine/simulate/span';

const JOURNEYS = resolve('journeys');
const PEOPLE = 1_000;
const WINDOW = { width: 1200, height: 1120 } as const;

/** Takes the pictures of docs/writing-journeys.md: the first screen of a simulation's report, and the diagram of a journey. */
export async function takeSimulationPictures(browser: Browser, folder: string): Promise<void> {
  const span = spanOf({ days: 90, seed: 1 });
  const shared = {
    threads: availableParallelism(),
    work: populationWork(findPopulation(undefined, JOURNEYS), PEOPLE),
  };
  const tally = await inThreads({ journeysPath: JOURNEYS, stored: [], span }, shared);
  const definitions = await loadDefinitions(JOURNEYS);
  const page = await browser.newPage({ viewport: WINDOW, colorScheme: 'light' });
  await page.setContent(
    await simulationPage(simulationOf(tally, { span, from: 'population' }, definitions), definitions),
  );
  await page.screenshot({ path: join(folder, 'simulation.png') });
  await page.locator('#flow-of-dormancy .flow').screenshot({ path: join(folder, 'simulation-flow.png') });
  await page.close();
}
