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
import type { Work } from './simulate/thread-messages';
import { inThreads } from './simulate/threads';
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

/** `sojourn simulate`: runs many simulated people through all journeys. */
export const simulateCommand = new Command('simulate')
  .description('Run many simulated people through all journeys, and show messages, load, caps, funnels and goals.')
  .option('--people <count>', 'number of people', readCount, 1_000)
  .option('--days <count>', 'number of days', readCount, 90)
  .option('--seed <number>', 'seed of all random choices', readCount, 1)
  .addOption(
    new Option(
      '--population <file>',
      'file that describes the people (default: population beside the journeys)',
    ).conflicts(['fromEvents', 'fromDatabase']),
  )
  .addOption(
    new Option('--from-events <file>', 'sample histories from a file written by export-events').conflicts(
      'fromDatabase',
    ),
  )
  .option('--from-database', 'sample histories from the database', false)
  .addOption(
    new Option('--over <duration>', 'period in which the sampled histories begin, in whole weeks')
      .argParser(weeks)
      .default(1, '1 week'),
  )
  .option('--journeys <path>', 'folder or module of the journeys (default: JOURNEYS)')
  .option('--threads <count>', 'number of threads; does not change the result', readCount, availableParallelism())
  .option('--html <file>', 'also write the report as a page with charts')
  .option('--json', 'print JSON', false)
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

/** @param database the source of the histories and of stored journeys to add to the journeys from code; null for neither */
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

/** Rounds a duration to whole weeks, at least one. */
function weeks(text: string): number {
  try {
    return Math.max(1, Math.round(toMs(text as Duration) / toMs('1 week')));
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : '');
  }
}
