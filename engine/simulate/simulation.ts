import type { Definitions } from '../definitions';
import { CHANNELS, type ChannelName } from '../state';
import type { Collision } from './collisions';
import type { Counted } from './counter';
import type { Span } from './span';
import type { Restrained, SimulationTally } from './tally';

/** What went out by a channel. */
export interface ChannelReport {
  readonly channel: ChannelName;
  readonly sent: number;
  /** By day from the begin. */
  readonly perDay: readonly number[];
  /** By hour of the UTC day, from 0: on average, and in the busiest such hour. */
  readonly perHour: readonly { readonly mean: number; readonly most: number }[];
  /** The busiest hour: ISO 8601; null where nothing was sent. */
  readonly peak: { readonly at: string; readonly messages: number } | null;
  readonly opened: number;
  readonly clicked: number;
  readonly optedOut: number;
}

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

/** What many people lived through. */
export interface Simulation {
  /** ISO 8601. */
  readonly begin: string;
  readonly days: number;
  readonly seed: number;
  readonly people: number;
  readonly sent: number;
  readonly channels: readonly ChannelReport[];
  readonly held: readonly Counted<Restrained>[];
  readonly suppressed: readonly Counted<Restrained>[];
  readonly collisions: readonly Counted<Collision>[];
  readonly journeys: readonly JourneyReport[];
  /** Whole weeks of people, by the messages they got in them. */
  readonly weeks: readonly { readonly messages: number; readonly count: number }[];
  readonly stages: readonly { readonly stage: string; readonly count: number }[];
}

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/** Makes the report of what was added up. */
export function simulationOf({ counters }: SimulationTally, span: Span, definitions: Definitions): Simulation {
  const channels = CHANNELS.map((channel) => channelReport(channel, counters, span));
  const stages = counters.stages.rows();
  return {
    begin: new Date(span.begin).toISOString(),
    days: span.days,
    seed: span.seed,
    people: sum(stages),
    sent: total(channels.map(({ sent }) => sent)),
    channels,
    held: counters.held.rows(),
    suppressed: counters.suppressed.rows(),
    collisions: counters.collisions.rows(),
    journeys: definitions.journeys.map(({ id, goal }) => {
      const steps = (definitions.outlines.get(id)?.steps ?? []).map(({ step }) => step);
      return journeyReport(id, goal !== null, steps, counters);
    }),
    weeks: counters.weeks.rows().sort((a, b) => a.messages - b.messages),
    stages,
  };
}

type Counters = SimulationTally['counters'];

function channelReport(channel: ChannelName, { hours, reactions }: Counters, { begin, days }: Span): ChannelReport {
  const perHour = new Array<number>(days * DAY_HOURS).fill(0);
  for (const row of hours.rows()) if (row.channel === channel) perHour[row.hour] = row.count;
  const most = Math.max(0, ...perHour);
  const firstHour = new Date(begin).getUTCHours();
  const reacted = (what: string): number =>
    reactions.rows().find((row) => row.channel === channel && row.what === what)?.count ?? 0;
  return {
    channel,
    sent: total(perHour),
    perDay: Array.from({ length: days }, (_, day) => total(perHour.slice(day * DAY_HOURS, (day + 1) * DAY_HOURS))),
    perHour: Array.from({ length: DAY_HOURS }, (_, hour) => {
      const those = perHour.filter((_count, index) => (firstHour + index) % DAY_HOURS === hour);
      return { mean: total(those) / days, most: Math.max(0, ...those) };
    }),
    peak: most === 0 ? null : { at: new Date(begin + perHour.indexOf(most) * HOUR_MS).toISOString(), messages: most },
    opened: reacted('opened'),
    clicked: reacted('clicked'),
    optedOut: reacted('opted out'),
  };
}

function journeyReport(
  journey: string,
  hasGoal: boolean,
  outlined: readonly string[],
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
  const names = [...new Set([...outlined, ...rows.map(({ step }) => step)])];
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
    goal: hasGoal ? { watched: sum(watched), reached, rate: share(reached, sum(watched)) } : null,
    steps: names.map((step) => {
      const those = rows.filter((row) => row.step === step);
      const outcomes = those.flatMap(({ outcome, count }) => (outcome === null ? [] : [[outcome, count] as const]));
      return { step, reached: sum(those), outcomes: Object.fromEntries(outcomes) };
    }),
  };
}

function sum(rows: readonly { readonly count: number }[]): number {
  return total(rows.map(({ count }) => count));
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
