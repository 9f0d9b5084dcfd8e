import { Command, InvalidArgumentError } from 'commander';
import { loadDefinitions } from '../config/definitions';
import { readEnvironment } from '../config/env';
import { simulatePeople } from '../engine/simulate';
import { simulationOf } from '../engine/simulate/simulation';
import { findPopulation, loadPopulation } from './simulate/population-file';
import { simulationText } from './simulate/text';

interface Options {
  readonly people: number;
  readonly days: number;
  readonly seed: number;
  readonly population?: string;
  readonly journeys?: string;
  readonly json: boolean;
}

/** A Monday, the same at every run. */
const BEGIN = '2026-01-05T00:00:00.000Z';

/** `sojourn simulate`: what many people would live through. */
export const simulateCommand = new Command('simulate')
  .description('Let many people live under the journeys: messages, load, caps and who won, funnels and goals.')
  .option('--people <count>', 'how many people', whole, 1_000)
  .option('--days <count>', 'how many days', whole, 90)
  .option('--seed <number>', 'another number makes other people', whole, 1)
  .option('--population <file>', 'who they are (default: population beside the journeys)')
  .option('--journeys <path>', 'folder or module of the journeys (default: JOURNEYS)')
  .option('--json', 'for programs', false)
  .action(async ({ people, days, seed, population, journeys, json }: Options) => {
    const path = journeys ?? readEnvironment(process.env).journeysPath;
    const definitions = await loadDefinitions(path);
    const file = findPopulation(population, path);
    const begin = Date.parse(BEGIN);
    const tally = await simulatePeople(
      loadPopulation(file),
      definitions,
      { begin, days, seed },
      { first: 0, count: people },
    );
    const simulation = simulationOf(
      tally,
      { begin: BEGIN, days, people, seed, from: 'of the population' },
      definitions,
    );
    console.log(json ? JSON.stringify(simulation, null, 2) : simulationText(simulation));
  });

function whole(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('It is a whole number, 1 or more.');
  return count;
}
