import { short, type Range } from './figure';
import type { Side, SideName } from './side';
import { median } from './stats';

/** What one round measured, by side. */
export type RoundOfSides<Round> = ReadonlyMap<SideName, Round>;

/** Measures the sides in turns, round by round, so that a change of the machine's speed touches all of them. */
export async function inRounds<Round>(
  count: number,
  sides: readonly Side[],
  measure: (side: Side) => Promise<Round>,
): Promise<RoundOfSides<Round>[]> {
  const rounds: RoundOfSides<Round>[] = [];
  for (let index = 0; index < count; index++) {
    const round = new Map<SideName, Round>();
    for (const side of sides) round.set(side.name, await measure(side));
    rounds.push(round);
  }
  return rounds;
}

/** A run is faster than the best before it only by more than this share. Less is noise. */
const CLEARLY = 0.05;
/** So many runs in a row that are not clearly faster mean that a side is warm. */
const CALM_RUNS = 2;
const MOST_RUNS = 10;

/**
 * Runs a side until it is no longer getting faster: V8 optimizes what has run some thousands of times, and a service runs for days.
 * @param run runs once and returns its rate
 */
export async function untilWarm(run: () => Promise<number>): Promise<void> {
  let [best, calm] = [0, 0];
  for (let runs = 0; runs < MOST_RUNS && calm < CALM_RUNS; runs++) {
    const rate = await run();
    calm = rate > best * (1 + CLEARLY) ? 0 : calm + 1;
    best = Math.max(best, rate);
  }
}

/** Ours beside another side. */
export interface Comparison {
  readonly other: SideName;
  /** The median of the rounds' ratios of ours to the other's. */
  readonly ratio: number;
  /** The lowest and the highest of the rounds' ratios. */
  readonly range: Range;
  /** The median of ours, rounded. */
  readonly ours: number;
  /** The median of the other's, rounded. */
  readonly theirs: number;
}

/** Compares ours with each other side by one quantity. */
export function compared<Round>(
  rounds: readonly RoundOfSides<Round>[],
  quantity: (round: Round) => number,
): Comparison[] {
  const others = [...(rounds[0]?.keys() ?? [])].filter((name) => name !== 'ours');
  const valuesOf = (name: SideName): number[] =>
    rounds.map((round) => round.get(name)).flatMap((found) => (found === undefined ? [] : [quantity(found)]));
  const ours = valuesOf('ours');
  return others.map((other) => {
    const theirs = valuesOf(other);
    const ratios = ours.map((value, index) => value / (theirs[index] ?? NaN));
    const range = [Math.min(...ratios), Math.max(...ratios)] as const;
    return { other, ratio: median(ratios), range, ours: short(median(ours)), theirs: short(median(theirs)) };
  });
}
