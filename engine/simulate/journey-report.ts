import type { Outline } from '../definitions/definitions';
import type { Journey } from '../authoring/journey';
import { sum } from './counter';
import type { Counters } from './tally';

/** A step of a journey: runs that reached it, and what it came out as. */
export interface StepReport {
  readonly step: string;
  readonly reached: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

/** What became of those who entered a journey. */
export interface JourneyReport {
  readonly journey: string;
  readonly entered: number;
  readonly sent: number;
  readonly active: number;
  readonly completed: number;
  readonly exited: number;
  readonly failed: number;
  /** Why runs ended, the most frequent first. */
  readonly ends: readonly { readonly became: string; readonly reason: string; readonly count: number }[];
  /** Null without a goal. */
  readonly goal: { readonly watched: number; readonly reached: number; readonly rate: number | null } | null;
  readonly steps: readonly StepReport[];
}

/** The report of a journey, its steps in the order of the outline. */
export function journeyReport(
  { id: journey, goal }: Journey,
  outline: Outline | undefined,
  { runs, sent, steps, goals }: Counters,
): JourneyReport {
  const of = <Row extends { readonly journey: string }>(rows: readonly Row[]): Row[] =>
    rows.filter((row) => row.journey === journey);
  const ends = of(runs.rows());
  const became = (status: string): number => sum(ends.filter((row) => row.became === status));
  const watched = of(goals.rows());
  const reached = sum(watched.filter((row) => row.reached));
  const rows = of(steps.rows());
  // A step behind a bound of the outline, a loop's tenth round, is there too.
  const names = [...new Set([...(outline?.steps ?? []), ...rows].map(({ step }) => step))];
  return {
    journey,
    entered: sum(ends),
    sent: sum(of(sent.rows())),
    active: became('active'),
    completed: became('completed'),
    exited: became('exited'),
    failed: became('failed'),
    ends: ends
      .filter((row) => row.became !== 'active')
      .map(({ became: how, reason, count }) => ({ became: how, reason, count })),
    goal: goal && { watched: sum(watched), reached, rate: watched.length === 0 ? null : reached / sum(watched) },
    steps: names.map((step) => {
      const those = rows.filter((row) => row.step === step);
      const outcomes = those.flatMap(({ outcome, count }) => (outcome === null ? [] : [[outcome, count] as const]));
      return { step, reached: sum(those), outcomes: Object.fromEntries(outcomes) };
    }),
  };
}
