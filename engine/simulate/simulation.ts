import type { Definitions } from '../definitions/definitions';
import { CHANNELS } from '../model/state';
import { channelReport, type ChannelReport } from './channel-report';
import type { Collision } from './collisions';
import { sum, type Counted } from './counter';
import { journeyReport, type JourneyReport } from './journey-report';
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
  readonly held: readonly Counted<Restrained>[];
  readonly suppressed: readonly Counted<Restrained>[];
  readonly collisions: readonly Counted<Collision>[];
  readonly journeys: readonly JourneyReport[];
  /** The number of person-weeks by the number of messages received. Only whole weeks count. */
  readonly weeks: readonly { readonly messages: number; readonly count: number }[];
  /** The number of people by the stage in which they ended. */
  readonly stages: readonly { readonly stage: string; readonly count: number }[];
}

/** Makes the report from a tally. */
export function simulationOf(
  { counters }: SimulationTally,
  { span, from }: { readonly span: Span; readonly from: Simulation['from'] },
  definitions: Definitions,
): Simulation {
  const channels = CHANNELS.map((channel) => channelReport(channel, counters, span));
  const stages = counters.stages.rows();
  return {
    begin: new Date(span.begin).toISOString(),
    days: span.days,
    seed: span.seed,
    from,
    people: sum(stages),
    sent: sum(counters.hours.rows()),
    channels,
    held: counters.held.rows(),
    suppressed: counters.suppressed.rows(),
    collisions: counters.collisions.rows(),
    journeys: definitions.journeys.map((journey) =>
      journeyReport(journey, definitions.outlines.get(journey.id), counters),
    ),
    weeks: counters.weeks.rows().sort((a, b) => a.messages - b.messages),
    stages,
  };
}
