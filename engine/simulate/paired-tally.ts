import { Counter, type Sums } from './counter';
import type { SimulatedLife } from './course';
import { measuresOf, type Measure } from './measures';
import { SimulationTally, type TallySums } from './tally';

/** A measure of one person under the journeys before an edit and after it. */
export type Pair = Measure & { readonly before: number; readonly after: number };

/** The sums of a paired tally, in the form that is passed between threads. */
export interface PairedSums {
  readonly before: TallySums;
  readonly after: TallySums;
  readonly pairs: Sums;
  readonly people: Sums;
}

/**
 * Adds up the lives of the same people under two versions of the journeys, and compares each person with themselves. The result
 * does not depend on the order, or on a split into parts.
 */
export class PairedTally {
  readonly before: SimulationTally;
  readonly after: SimulationTally;
  /** People for whom a measure differs, by the measure and its two values. */
  readonly pairs = new Counter<Pair>();
  /** All people, by whether any measure differs, or only the times of their messages. */
  readonly people = new Counter<{ readonly differs: 'counts' | 'times' | null }>();

  /** @param begin the start of the simulation, epoch milliseconds */
  constructor(begin: number) {
    this.before = new SimulationTally(begin);
    this.after = new SimulationTally(begin);
  }

  /** Adds the two lives of one person. */
  add(before: SimulatedLife, after: SimulatedLife): void {
    this.before.add(before);
    this.after.add(after);
    const [was, is] = [measuresOf(before), measuresOf(after)];
    let differs = false;
    for (const key of new Set([...was.keys(), ...is.keys()])) {
      const pair = { before: was.get(key) ?? 0, after: is.get(key) ?? 0 };
      if (pair.before === pair.after) continue;
      differs = true;
      this.pairs.add({ ...(JSON.parse(key) as Measure), ...pair });
    }
    const isRetimed = timesOf(before) !== timesOf(after);
    this.people.add({ differs: differs ? 'counts' : isRetimed ? 'times' : null });
  }

  /** Adds the sums of another tally. */
  merge({ before, after, pairs, people }: PairedSums): void {
    this.before.merge(before);
    this.after.merge(after);
    this.pairs.merge(pairs);
    this.people.merge(people);
  }

  /** The sums so far. */
  sums(): PairedSums {
    const { before, after, pairs, people } = this;
    return { before: before.sums(), after: after.sums(), pairs: pairs.sums(), people: people.sums() };
  }
}

/** The messages that were sent and their times, as text. */
function timesOf({ host }: SimulatedLife): string {
  const sent = [...host.messages.values()].filter(({ status }) => status === 'queued');
  return JSON.stringify(
    sent.map(({ journey, step, channel, decidedAt }) => [decidedAt, journey, step, channel]).sort(),
  );
}
