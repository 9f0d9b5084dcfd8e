import type { Definitions } from '../definitions/definitions';
import { policyChanges } from '../policy/changes';
import { sum, type Counted } from './counter';
import type { Measure } from './measures';
import type { Pair, PairedTally } from './paired-tally';
import { simulationOf, type Simulation, type Circumstance } from './simulation';

/** How much a measure differs between two versions of the journeys, for the same people. */
export interface Difference {
  readonly measure: Measure;
  /** The people for whom it differs. */
  readonly people: number;
  /** The sum over all people of what each has more after the edit than before. */
  readonly total: number;
  /** The mean over all people, and its interval at 95 %. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /**
   * Whether chance alone hardly explains the difference: the interval leaves out 0, and so many people differ that they would not all
   * do so in the same direction by chance.
   */
  readonly clear: boolean;
}

/** Two simulations of the same people, under the journeys before an edit and after it. */
export interface Comparison {
  readonly before: Simulation;
  readonly after: Simulation;
  /** What differs in the policy, one line for each limit. */
  readonly policy: readonly string[];
  /** The people for whom any measure differs. */
  readonly differing: number;
  /** The people for whom only the times of their messages differ. */
  readonly retimed: number;
  /** The measures that differ for anyone. Within a kind of measure, the largest difference comes first. */
  readonly differences: readonly Difference[];
}

/** Compares two simulations person by person. */
export function comparisonOf(
  { before, after, pairs, people }: PairedTally,
  circumstance: Circumstance,
  definitions: { readonly before: Definitions; readonly after: Definitions },
): Comparison {
  const counted = people.rows();
  const byMeasure = new Map<string, Counted<Pair>[]>();
  for (const row of pairs.rows()) {
    const { before: _before, after: _after, count: _count, ...measure } = row;
    const key = JSON.stringify(measure);
    byMeasure.set(key, [...(byMeasure.get(key) ?? []), row]);
  }
  const differences = [...byMeasure].map(([key, rows]) => differenceOf(JSON.parse(key) as Measure, rows, sum(counted)));
  return {
    before: simulationOf(before, circumstance, definitions.before),
    after: simulationOf(after, circumstance, definitions.after),
    policy: policyChanges(definitions.before.policy, definitions.after.policy),
    differing: sum(counted.filter(({ differs }) => differs === 'counts')),
    retimed: sum(counted.filter(({ differs }) => differs === 'times')),
    differences: differences.sort(
      (a, b) =>
        ORDER.indexOf(a.measure.of) - ORDER.indexOf(b.measure.of) ||
        Math.abs(b.total) - Math.abs(a.total) ||
        (JSON.stringify(a.measure) < JSON.stringify(b.measure) ? -1 : 1),
    ),
  };
}

const ORDER: readonly Measure['of'][] = [
  'messages',
  'messages by channel',
  'messages by journey',
  'messages by step',
  'goals',
  'collisions',
  'nights',
  'unsent',
  'opt-outs',
  'entries',
];

/**
 * The interval of the mean of paired differences: each person is compared with themselves, so what people have in common with
 * themselves does not blur it (NIST/SEMATECH e-Handbook of Statistical Methods, 7.3.1.1, "Analysis of paired observations").
 * @param people all people; those without a row do not differ
 */
function differenceOf(measure: Measure, rows: readonly Counted<Pair>[], people: number): Difference {
  const total = rows.reduce((all, { before, after, count }) => all + (after - before) * count, 0);
  const squares = rows.reduce((all, { before, after, count }) => all + (after - before) ** 2 * count, 0);
  const mean = total / people;
  const variance = people > 1 ? (squares - people * mean ** 2) / (people - 1) : Infinity;
  // Without the spread that rounding may leave below 0.
  const margin = quantile(people - 1) * Math.sqrt(Math.max(0, variance) / people);
  const [low, high] = [mean - margin, mean + margin];
  const differing = sum(rows);
  return { measure, people: differing, total, mean, low, high, clear: differing >= FEWEST && (low > 0 || high < 0) };
}

/** The chance that six people differ in the same direction is 2 / 2^6, which is below 5 %; that of five is not (the sign test). */
const FEWEST = 6;

const Z = 1.959964;

/**
 * The 97.5 % quantile of Student's t distribution, to within 1 % from 4 degrees of freedom on (Abramowitz and Stegun, Handbook of
 * Mathematical Functions, 26.7.5).
 */
function quantile(freedom: number): number {
  const n = Math.max(1, freedom);
  return Z + (Z ** 3 + Z) / (4 * n) + (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * n ** 2);
}
