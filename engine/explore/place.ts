import type { Run } from '../model/state';
import type { Chosen } from '../replay/steps';
import type { MemoryHost } from '../testing/memory-host';
import type { Visited } from './folds';
import type { Rest } from './rest';

/** A person that waits in a step. */
export interface Place {
  readonly host: MemoryHost;
  /** The event that let them enter, where several can; otherwise ''. */
  readonly entry: string;
  /** The choice made in each step so far. */
  readonly chosen: Map<string, Chosen>;
  /** The step during which a goal was reached that does not end the run; null for none. */
  readonly goalIn: { readonly step: string; readonly event: string } | null;
  /** The number of journal records before this place. */
  readonly known: number;
  /** The same place for all paths that come to it; null before the first one, and where places are not compared. */
  readonly visited: Visited | null;
}

/** Where a way led to. */
export interface Arrived {
  /** Null where nothing can follow, and where places are not compared. */
  readonly at: Visited | null;
  /** What is still to come there. */
  readonly rest: Rest;
}

/**
 * The run of the person, with the outcomes that its code got.
 * @returns undefined before they have entered the journey
 */
export function runAt({ host, chosen }: Pick<Place, 'host' | 'chosen'>, journey: string): Run | undefined {
  const run = host.runs.find((one) => one.journey === journey);
  if (!run || ![...chosen.values()].some(({ outcome }) => outcome !== undefined)) return run;
  const journal = run.journal.map((record) => {
    const outcome = chosen.get(record.step)?.outcome;
    return outcome === undefined || record.status === 'waiting' ? record : { ...record, outcome };
  });
  return { ...run, journal };
}
