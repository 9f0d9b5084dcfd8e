import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { loadDefinitions } from '../config/definitions';
import { readEnvironment } from '../config/env';
import { toMs, type Duration } from '../engine/model/duration';
import { comparisonOf, type Comparison } from '../engine/simulate/comparison';
import { simulationOf, type Circumstance, type Simulation } from '../engine/simulate/simulation';
import { spanOf } from '../engine/simulate/span';
import { readCount } from './count';
import type { Database } from '../store/database';
import { storedInForce } from '../store/stored-journeys';
import { openInstallation } from './database';
import { comparisonPage, simulationPage } from './simulate/page';
import { findPopulation, loadPopulation } from './simulate/population-file';
import { samplesInDatabase, samplesInFile } from './simulate/samples';
import { comparisonText, simulationText } from './simulate/text';
import { runningTogether, withStored } from './stored';
import type { Work } from './simulate/thread-messages';
import { compareInThreads, inThreads, type Shared } from './simulate/threads';
import { populationWork, sampledWork } from './simulate/work';
import { withVersion, type Version } from './version-of';

interface Options {
  readonly people: number;
  readonly days: number;
  readonly seed: number;
  readonly population?: string;
  readonly fromEvents?: string;
  readonly fromDatabase: boolean;
  readonly over: number;
  readonly against?: string;
  readonly journeys?: string;
  readonly threads: number;
  readonly html?: string;
  readonly json: boolean;
}

/** `sojourn simulate`: runs many simulated people through all journeys. */
export const simulateCommand = new Command('simulate')
  .description('Run many simulated people through all journeys, and show messages, load, caps, flows and goals.')
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
  .option('--against <version>', 'also simulate the journeys of a git ref or folder, and show what differs')
  .option('--journeys <path>', 'folder or module of the journeys (default: JOURNEYS)')
  .option('--threads <count>', 'number of threads; does not change the result', readCount, availableParallelism())
  .option('--html <file>', 'also write the report as a page with charts')
  .option('--json', 'print JSON', false)
  .action(async (options: Options) => {
    const journeysPath = options.journeys ?? readEnvironment(process.env).journeysPath;
    const { against } = options;
    const result =
      against === undefined
        ? await withSource(options, (source) => simulate(options, journeysPath, source))
        : await withVersion(against, journeysPath, (before) =>
            withSource(options, (source) => compare(options, { before, journeysPath }, source)),
          );
    if (options.html !== undefined) await writeFile(options.html, await result.page());
    console.log(options.json ? JSON.stringify(result.report, null, 2) : result.text());
  });

/** What a command prints or writes. */
interface Result {
  readonly report: Simulation | Comparison;
  readonly text: () => string;
  readonly page: () => Promise<string>;
}

/** Opens the database, if histories come from it, while `use` runs. */
async function withSource<Value>(options: Options, use: (database: Database | null) => Promise<Value>): Promise<Value> {
  if (!options.fromDatabase) return use(null);
  const database = openInstallation();
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}

/** @param database the source of the histories and of stored journeys to add to the journeys from code; null for neither */
async function simulate(options: Options, journeysPath: string, database: Database | null): Promise<Result> {
  const stored = database ? await storedInForce(database.pool) : [];
  const definitions = await runningTogether(await loadDefinitions(journeysPath), stored);
  const circumstance = circumstanceOf(options, journeysPath);
  const tally = await inThreads(
    { journeysPath, stored, span: circumstance.span },
    shared(options, journeysPath, database),
  );
  const report = simulationOf(tally, circumstance, definitions);
  return {
    report,
    text: () => simulationText(report),
    page: () => simulationPage(report, definitions),
  };
}

/** Simulates the same people under both versions, with the people and the stored journeys of today. */
async function compare(
  options: Options,
  { before, journeysPath }: { readonly before: Version; readonly journeysPath: string },
  database: Database | null,
): Promise<Result> {
  const stored = database ? await storedInForce(database.pool) : [];
  const after = await runningTogether(await loadDefinitions(journeysPath), stored);
  const { definitions: old } = await withStored(before.definitions, stored);
  const circumstance = circumstanceOf(options, journeysPath);
  const setup = { journeysPath, againstPath: before.path, stored, span: circumstance.span };
  const tally = await compareInThreads(setup, shared(options, journeysPath, database));
  const report = comparisonOf(tally, circumstance, { before: old, after });
  const name = options.against ?? '';
  return {
    report,
    text: () => comparisonText(report, name),
    page: () => comparisonPage(report, name, { before: old, after }),
  };
}

function circumstanceOf(options: Options, journeysPath: string): Circumstance {
  const span = spanOf(options);
  if (options.fromDatabase || options.fromEvents !== undefined) return { span, from: 'lives' };
  const { receipts } = loadPopulation(findPopulation(options.population, journeysPath));
  return { span, from: 'population', receipts };
}

function shared(options: Options, journeysPath: string, database: Database | null): Shared {
  return { threads: options.threads, work: workOf(options, journeysPath, database) };
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
