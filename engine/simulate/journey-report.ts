import type { Outline } from '../definitions/definitions';
import type { Journey } from '../authoring/journey';
import { sum, type Counted } from './counter';
import type { Counters } from './tally';
import type { Way } from './ways';

/** A step of a journey: the number of runs that reached it, and the number of runs for each outcome. */
export interface StepReport {
  readonly step: string;
  readonly reached: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

/** What happened to the runs of a journey. */
export interface JourneyReport {
  readonly journey: string;
  readonly entered: number;
  /** The number of people who entered, however often. */
  readonly people: number;
  /** Messages sent. */
  readonly sent: number;
  readonly active: number;
  readonly completed: number;
  readonly exited: number;
  readonly failed: number;
  /** Why runs ended; the most frequent reason comes first. */
  readonly ends: readonly { readonly became: string; readonly reason: string; readonly count: number }[];
  /**
   * Null when the journey has no goal. `watched` counts the runs that were observed for as long as the goal allows;
   * `rate` is null when there are none.
   */
  readonly goal: { readonly watched: number; readonly reached: number; readonly rate: number | null } | null;
  /**
   * Null when the journey has no budget. `entries` counts them by `used`: the most messages that an entry sent in any span of the
   * budget.
   */
  readonly budget: {
    readonly messages: number;
    readonly withinMs: number;
    readonly entries: readonly { readonly used: number; readonly count: number }[];
  } | null;
  readonly steps: readonly StepReport[];
  /** The ways from step to step: the number of entries, and of people, that took them. */
  readonly ways: readonly WayReport[];
}

/** A way from step to step. `left` says why entries ended there without the journey's code; it is empty otherwise. */
export interface WayReport extends Omit<Way, 'journey'> {
  readonly entries: number;
  readonly people: number;
}

/** Makes the report of a journey, with its steps in the order of the outline. */
export function journeyReport(
  { id: journey, goal, budget }: Journey,
  outline: Outline | undefined,
  { runs, entrants, sent, steps, goals, budgets, ways, walkers }: Counters,
): JourneyReport {
  const of = <Row extends { readonly journey: string }>(rows: readonly Row[]): Row[] =>
    rows.filter((row) => row.journey === journey);
  const ends = of(runs.rows());
  const became = (status: string): number => sum(ends.filter((row) => row.became === status));
  const watched = of(goals.rows());
  const reached = sum(watched.filter((row) => row.reached));
  const rows = of(steps.rows());
  // Steps beyond a bound of the outline are included too, such as those of a loop's tenth round.
  const names = [...new Set([...(outline?.steps ?? []), ...rows].map(({ step }) => step))];
  return {
    journey,
    entered: sum(ends),
    people: sum(of(entrants.rows())),
    sent: sum(of(sent.rows())),
    active: became('active'),
    completed: became('completed'),
    exited: became('exited'),
    failed: became('failed'),
    ends: ends
      .filter((row) => row.became !== 'active')
      .map(({ became: how, reason, count }) => ({ became: how, reason, count })),
    goal: goal && { watched: sum(watched), reached, rate: watched.length === 0 ? null : reached / sum(watched) },
    budget: budget && {
      ...budget,
      entries: of(budgets.rows())
        .map(({ used, count }) => ({ used, count }))
        .sort((a, b) => a.used - b.used),
    },
    ways: wayReports(of(ways.rows()), of(walkers.rows())),
    steps: names.map((step) => {
      const those = rows.filter((row) => row.step === step);
      const outcomes = those.flatMap(({ outcome, count }) => (outcome === null ? [] : [[outcome, count] as const]));
      return { step, reached: sum(those), outcomes: Object.fromEntries(outcomes) };
    }),
  };
}

function wayReports(entries: readonly Counted<Way>[], people: readonly Counted<Way>[]): WayReport[] {
  const key = ({ from, to, left }: Way): string => JSON.stringify([from, to, left]);
  const peopleOn = new Map(people.map((row) => [key(row), row.count]));
  return entries.map((row) => {
    const { from, to, left, count } = row;
    return { from, to, left, entries: count, people: peopleOn.get(key(row)) ?? 0 };
  });
}
