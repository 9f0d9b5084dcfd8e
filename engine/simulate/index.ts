import { compile } from '../outline/compile';
import { type Definitions, type Sources } from '../definitions/definitions';
import type { Journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { policy } from '../policy/define';
import type { SimulatedLife } from './course';
import { live } from './life';
import { People } from './person';
import type { Population } from './population';
import { liveAgain, type Drawn } from './sample';
import { simulationOf, type Simulation } from './simulation';
import { endOf, spanOf, type Span } from './span';
import { SimulationTally } from './tally';

/** A range of the people of a population, by number. */
export interface Batch {
  readonly first: number;
  readonly count: number;
}

/** Simulates some of the people, one after the other. */
export async function* livesOfPeople(
  people: People,
  definitions: Definitions,
  { first, count }: Batch,
): AsyncGenerator<SimulatedLife> {
  const { population, span } = people;
  for (let number = first; number < first + count; number++)
    yield await live(people.person(number), { population, definitions, end: endOf(span) });
}

/**
 * Replays stored lives, one after the other.
 * @param known the end of what is known of people's behavior, epoch milliseconds
 */
export async function* livesAgain(
  drawn: readonly Drawn[],
  definitions: Definitions,
  span: Span,
  known: number,
): AsyncGenerator<SimulatedLife> {
  for (const life of drawn) yield await liveAgain(life, definitions, { begin: span.begin, end: endOf(span), known });
}

/** Simulates some of the people, one after the other, and adds up the results. */
export async function simulatePeople(people: People, definitions: Definitions, batch: Batch): Promise<SimulationTally> {
  const tally = new SimulationTally(people.span.begin);
  for await (const life of livesOfPeople(people, definitions, batch)) tally.add(life);
  return tally;
}

/** How many people are simulated, for how long, and under which rules. */
export interface SimulateOptions {
  /** The number of people. Default 1,000. */
  readonly people?: number;
  /** The length of the simulation in days. Default 90. */
  readonly days?: number;
  /** A different seed makes different people. Default 1. */
  readonly seed?: number;
  /** Stages and policy. Default: no stages, the default policy. */
  readonly with?: Partial<Omit<Sources, 'journeys'>>;
}

/** Simulates the people of a population under all the journeys together, on one thread. */
export async function simulate(
  journeys: Journey | readonly Journey[],
  population: Population,
  options: SimulateOptions = {},
): Promise<Simulation> {
  const { people = 1_000, days = 90, seed = 1, with: rules = {} } = options;
  const definitions = await compile({
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    policy: policy(),
    traits: {},
    ...rules,
    journeys: [journeys].flat(),
  });
  const span = spanOf({ days, seed });
  const tally = await simulatePeople(new People(population, span), definitions, { first: 0, count: people });
  return simulationOf(tally, { span, from: 'population', receipts: population.receipts }, definitions);
}
