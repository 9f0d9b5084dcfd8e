import { densest } from '../explore/most-messages';
import type { ChannelName, Hold, Message, Run, SuppressCause } from '../model/state';
import { collisionsOf, type Collision } from './collisions';
import { Counter, type Sums } from './counter';
import type { SimulatedLife, Reacted } from './course';
import { decided } from './outcomes';
import { waysOf, type Way } from './ways';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

/** A message that was held, or not sent. */
export interface Restrained {
  readonly journey: string;
  readonly channel: ChannelName;
  readonly reason: string;
}

/** The sums of a tally, by counter, in the form that is passed between threads. */
export type TallySums = Readonly<Record<string, Sums>>;

/** The counters of a tally. */
export type Counters = SimulationTally['counters'];

/** Adds up lives. The result does not depend on the order, or on a split into parts. */
export class SimulationTally {
  readonly counters = {
    /** Messages by channel, and by whole hours since the start. */
    hours: new Counter<{ readonly channel: ChannelName; readonly hour: number }>(),
    sent: new Counter<{ readonly journey: string; readonly channel: ChannelName }>(),
    held: new Counter<Restrained>(),
    suppressed: new Counter<Restrained>(),
    /** Messages that were not sent. Those of runs that had ended are not among them. */
    causes: new Counter<{ readonly cause: SuppressCause }>(),
    collisions: new Counter<Collision>(),
    reactions: new Counter<{ readonly channel: ChannelName; readonly what: Reacted['what'] }>(),
    /** Messages that were held at least once for this reason. */
    holds: new Counter<{ readonly hold: Hold }>(),
    /** People by the number of messages received. */
    people: new Counter<{ readonly messages: number }>(),
    /** People by the number of messages received in the whole week in which they received most. */
    busiest: new Counter<{ readonly messages: number }>(),
    /** Person-weeks by the number of messages received. */
    weeks: new Counter<{ readonly messages: number }>(),
    /** People by the stage in which they ended. */
    stages: new Counter<{ readonly stage: string }>(),
    runs: new Counter<{ readonly journey: string; readonly became: string; readonly reason: string }>(),
    /** People who entered. */
    entrants: new Counter<{ readonly journey: string }>(),
    /** Runs by the most messages that they sent in any span of the journey's budget. */
    budgets: new Counter<{ readonly journey: string; readonly used: number }>(),
    /** Runs by each way from step to step that they took. */
    ways: new Counter<Way>(),
    /** People by each way that at least one of their runs took. */
    walkers: new Counter<Way>(),
    /**
     * Runs by whether they reached the goal. Only runs that were observed for as long as the goal allows are counted.
     */
    goals: new Counter<{ readonly journey: string; readonly reached: boolean }>(),
    steps: new Counter<{ readonly journey: string; readonly step: string; readonly outcome: string | null }>(),
  };

  /** @param begin the start of the simulation, epoch milliseconds */
  constructor(private readonly begin: number) {}

  /** Adds a life. */
  add(life: SimulatedLife): void {
    const { host, held, reactions } = life;
    for (const { journey, channel, reason } of held) this.counters.held.add({ journey, channel, reason });
    for (const hold of holdsOf(held)) this.counters.holds.add({ hold });
    let received = 0;
    for (const { journey, channel, status, reason, cause, decidedAt } of host.messages.values()) {
      if (status === 'suppressed') this.counters.suppressed.add({ journey, channel, reason });
      if (cause) this.counters.causes.add({ cause });
      if (status !== 'queued') continue;
      received++;
      this.counters.sent.add({ journey, channel });
      this.counters.hours.add({ channel, hour: Math.floor((decidedAt - this.begin) / HOUR_MS) });
    }
    for (const { message, what } of reactions) this.counters.reactions.add({ channel: message.channel, what });
    for (const collision of collisionsOf(life)) this.counters.collisions.add(collision);
    this.counters.people.add({ messages: received });
    const weeks = weekly(life);
    for (const messages of weeks) this.counters.weeks.add({ messages });
    this.counters.busiest.add({ messages: Math.max(0, ...weeks) });
    this.counters.stages.add({ stage: host.state.memory?.stage ?? host.definitions.lifecycle.initial });
    for (const run of host.runs) this.addRun(run, life);
    for (const journey of new Set(host.runs.map((run) => run.journey))) this.counters.entrants.add({ journey });
    const walked = host.runs.flatMap(waysOf).map((way) => [JSON.stringify(way), way] as const);
    for (const [, way] of walked) this.counters.ways.add(way);
    for (const way of new Map(walked).values()) this.counters.walkers.add(way);
    for (const row of budgetsUsed(life)) this.counters.budgets.add(row);
  }

  /** Adds the sums of another tally. */
  merge(sums: TallySums): void {
    for (const [name, counter] of Object.entries(this.counters)) counter.merge(sums[name] ?? []);
  }

  /** The sums so far. */
  sums(): TallySums {
    return Object.fromEntries(Object.entries(this.counters).map(([name, counter]) => [name, counter.sums()]));
  }

  private addRun(run: Run, { host: { definitions }, until }: SimulatedLife): void {
    const { journey, status, reason, journal, enteredAt, goalAt } = run;
    this.counters.runs.add({ journey, became: status, reason: status === 'active' ? '' : reason });
    const goal = definitions.journeys.find(({ id }) => id === journey)?.goal;
    if (goal && enteredAt + (goal.withinMs ?? 0) <= until)
      this.counters.goals.add({ journey, reached: goalAt !== null });
    for (const record of journal) {
      if (record.status === 'skipped') continue;
      this.counters.steps.add({ journey, step: record.step, outcome: decided(record) });
    }
  }
}

/** The number of messages received in each whole week of a life. */
function weekly({ host, since, until }: SimulatedLife): number[] {
  const weeks = new Array<number>(Math.max(0, Math.floor((until - since) / WEEK_MS))).fill(0);
  for (const { status, decidedAt } of host.messages.values()) {
    const week = Math.floor((decidedAt - since) / WEEK_MS);
    if (status === 'queued' && week < weeks.length) weeks[week] = (weeks[week] ?? 0) + 1;
  }
  return weeks;
}

/** The reasons for which messages were held, once for each message. */
function holdsOf(held: readonly Message[]): Hold[] {
  const once = new Map(held.flatMap(({ id, hold }) => (hold ? [[`${hold} ${id}`, hold] as const] : [])));
  return [...once.values()];
}

/** For each run of a journey with a budget: the most messages that it sent in any span of the budget. */
function budgetsUsed({ host }: SimulatedLife): { readonly journey: string; readonly used: number }[] {
  const budgets = new Map(host.definitions.journeys.map(({ id, budget }) => [id, budget]));
  const sent = [...host.messages.values()].filter(({ status }) => status === 'queued');
  return host.runs.flatMap(({ id, journey }) => {
    const budget = budgets.get(journey);
    if (!budget) return [];
    const moments = sent.filter(({ runId }) => runId === id).map(({ decidedAt }) => decidedAt);
    return [{ journey, used: densest(moments, budget.withinMs) }];
  });
}
