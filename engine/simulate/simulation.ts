import type { Definitions } from '../definitions/definitions';
import { CHANNELS, isBuiltIn } from '../model/channels';
import type { ChannelName, Hold, SuppressCause } from '../model/state';
import { channelReport, type ChannelReport } from './channel-report';
import type { Collision } from './collisions';
import { sum, type Counted } from './counter';
import { journeyReport, type JourneyReport } from './journey-report';
import { reportedBy, type ReportedBy } from './receipts';
import type { Span } from './span';
import type { Restrained, SimulationTally } from './tally';

/** The report of a simulation. */
export interface Simulation {
  /** The start of the simulation, ISO 8601. */
  readonly begin: string;
  readonly days: number;
  readonly seed: number;
  /** `population`: made-up people. `lives`: stored lives, in which people don't react to simulated messages. */
  readonly from: 'population' | 'lives';
  readonly people: number;
  readonly sent: number;
  readonly channels: readonly ChannelReport[];
  /** People by the number of messages that they received in all. */
  readonly received: readonly { readonly messages: number; readonly count: number }[];
  /** People by the number of messages that they received in the whole week in which they received most. */
  readonly busiest: readonly { readonly messages: number; readonly count: number }[];
  /** The most messages a week that the policy lets a person receive, without transactional ones; null for no limit. */
  readonly weekCap: number | null;
  /** The number of messages that were held at least once, by what held them. */
  readonly holds: readonly { readonly hold: Hold; readonly count: number }[];
  readonly held: readonly Counted<Restrained>[];
  readonly suppressed: readonly Counted<Restrained>[];
  /** The number of messages that were not sent, by cause. Those of runs that had ended have none. */
  readonly causes: readonly { readonly cause: SuppressCause; readonly count: number }[];
  readonly collisions: readonly Counted<Collision>[];
  readonly journeys: readonly JourneyReport[];
  /** The number of person-weeks by the number of messages received. Only whole weeks count. */
  readonly weeks: readonly { readonly messages: number; readonly count: number }[];
  /** The number of people by the stage in which they ended. */
  readonly stages: readonly { readonly stage: string; readonly count: number }[];
}

/** Of which time a simulation is, and of which people. */
export interface Circumstance {
  readonly span: Span;
  readonly from: Simulation['from'];
  /** What the population says that providers report. Default: what is usual. */
  readonly receipts?: ReportedBy;
}

/** The channels of the report: the three that every team has, and those by which a journey sends. */
function channelsOf({ outlines }: Definitions): ChannelName[] {
  const used = [...outlines.values()].flatMap(({ steps }) => steps.flatMap(({ templates }) => Object.keys(templates)));
  const own = used.filter((channel) => !isBuiltIn(channel));
  return [...CHANNELS.filter((channel, index) => index < 3 || used.includes(channel)), ...new Set(own)];
}

/** Makes the report from a tally. */
export function simulationOf(
  { counters }: SimulationTally,
  { span, from, receipts = {} }: Circumstance,
  definitions: Definitions,
): Simulation {
  const channels = channelsOf(definitions).map((channel) =>
    channelReport(channel, counters, span, from === 'lives' ? [] : reportedBy(channel, receipts)),
  );
  const stages = counters.stages.rows();
  const { total } = definitions.policy.caps;
  return {
    begin: new Date(span.begin).toISOString(),
    days: span.days,
    seed: span.seed,
    from,
    people: sum(stages),
    sent: sum(counters.hours.rows()),
    channels,
    received: byMessages(counters.people.rows()),
    busiest: byMessages(counters.busiest.rows()),
    weekCap: total.week !== undefined && Number.isFinite(total.week) ? total.week : null,
    holds: counters.holds.rows(),
    held: counters.held.rows(),
    suppressed: counters.suppressed.rows(),
    causes: counters.causes.rows(),
    collisions: counters.collisions.rows(),
    journeys: definitions.journeys.map((journey) =>
      journeyReport(journey, definitions.outlines.get(journey.id), counters),
    ),
    weeks: byMessages(counters.weeks.rows()),
    stages,
  };
}

function byMessages<Row extends { readonly messages: number }>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => a.messages - b.messages);
}
