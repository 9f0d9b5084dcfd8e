import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { loadDefinitions } from '../config/definitions';
import { readEnvironment } from '../config/env';
import { toMs, type Duration } from '../engine/model/duration';
import { simulationOf, type Simulation } from '../engine/simulate/simulation';
import { spanOf } from '../engine/simulate/span';
import { readCount } from './count';
import type { Database } from '../store/database';
import { storedInForce } from '../store/stored-journeys';
import { openInstallation } from './database';
import { simulationPage } from './simulate/page';
import { findPopulation } from './simulate/population-file';
import { samplesInDatabase, samplesInFile } from './simulate/samples';
import { simulationText } from './simulate/text';
import { runningTogether } from './stored';
import { inThreads, type Work } from './simulate/threads';
import { populationWork, sampledWork } from './simulate/work';

interface Options {
  readonly people: number;
  readonly days: number;
  readonly seed: number;
  readonly population?: string;
  readonly fromEvents?: string;
  readonly fromDatabase: boolean;
  readonly over: number;
  readonly journeys?: string;
  readonly threads: number;
  readonly html?: string;
  readonly json: boolean;
}

/** `sojourn simulate`: what many people would live through. */
export const simulateCommand = new Command('simulate')
  .description('Let many people live under all journeys: messages, load, caps and who won, funnels and goals.')
  .option('--people <count>', 'how many people', readCount, 1_000)
  .option('--days <count>', 'how many days', readCount, 90)
  .option('--seed <number>', 'another number makes other people', readCount, 1)
  .addOption(
    new Option('--population <file>', 'who they are (default: population beside the journeys)').conflicts([
      'fromEvents',
      'fromDatabase',
    ]),
  )
  .addOption(
    new Option('--from-events <file>', 'draw from the lives in a file made by export-events').conflicts('fromDatabase'),
  )
  .option('--from-database', 'draw from the lives in the database', false)
  .option('--over <duration>', 'over how many weeks lives that are drawn begin', weeks, 1)
  .option('--journeys <path>', 'folder or module of the journeys (default: JOURNEYS)')
  .option(
    '--threads <count>',
    'how many people live at once; makes no other difference',
    readCount,
    availableParallelism(),
  )
  .option('--html <file>', 'write the report as a page with charts')
  .option('--json', 'for programs', false)
  .action(async (options: Options) => {
    const simulation = await run(options);
    if (options.html !== undefined) await writeFile(options.html, simulationPage(simulation));
    console.log(options.json ? JSON.stringify(simulation, null, 2) : simulationText(simulation));
  });

async function run(options: Options): Promise<Simulation> {
  if (!options.fromDatabase) return simulate(options, null);
  const database = openInstallation();
  try {
    return await simulate(options, database);
  } finally {
    await database.close();
  }
}

/** @param database whose people are drawn from, and whose stored journeys run beside those of code; null for neither */
async function simulate(options: Options, database: Database | null): Promise<Simulation> {
  const journeysPath = options.journeys ?? readEnvironment(process.env).journeysPath;
  const stored = database ? await storedInForce(database.pool) : [];
  const definitions = await runningTogether(await loadDefinitions(journeysPath), stored);
  const span = spanOf(options);
  const work = workOf(options, journeysPath, database);
  const tally = await inThreads(options.threads, { journeysPath, stored, span }, work);
  const drawn = database !== null || options.fromEvents !== undefined;
  return simulationOf(tally, { span, from: drawn ? 'lives' : 'population' }, definitions);
}

async function* workOf(options: Options, journeysPath: string, database: Database | null): AsyncGenerator<Work> {
  const { people, days, seed, over, fromEvents, population } = options;
  const drawing = { people, seed, weeks: Math.max(1, Math.min(over, Math.floor(days / 7))) };
  if (fromEvents !== undefined) yield* sampledWork(await samplesInFile(fromEvents), drawing);
  else if (database) yield* sampledWork(await samplesInDatabase(database), drawing);
  else yield* populationWork(findPopulation(population, journeysPath), people);
}

function weeks(text: string): number {
  try {
    return Math.max(1, Math.round(toMs(text as Duration) / toMs('1 week')));
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : '');
  }
}
