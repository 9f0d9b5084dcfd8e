import type { Definitions } from '../definitions';
import { live } from './life';
import { People } from './person';
import type { Population } from './population';
import { SimulationTally } from './tally';

const DAY_MS = 86_400_000;

/** The people of a simulation, by their numbers, from `first` on. */
export interface Batch {
  readonly first: number;
  readonly count: number;
}

/** How long is simulated, and with which chance. */
export interface Span {
  /** Epoch milliseconds. */
  readonly begin: number;
  readonly days: number;
  readonly seed: number;
}

/** Lets people of a population live, one after the other, and adds up what they met. */
export async function simulatePeople(
  population: Population,
  definitions: Definitions,
  { begin, days, seed }: Span,
  { first, count }: Batch,
): Promise<SimulationTally> {
  const people = new People(population, seed, begin);
  const tally = new SimulationTally(begin);
  for (let number = first; number < first + count; number++)
    tally.add(await live(people.person(number), { population, definitions, end: begin + days * DAY_MS - 1 }));
  return tally;
}
