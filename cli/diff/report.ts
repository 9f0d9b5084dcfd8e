import type { LoadedDefinitions } from '../../config/definitions';
import { BacktestCount, type Backtest } from '../../engine/compare/backtest';
import { relive, type Life } from '../../engine/compare/life';
import { fingerprint } from '../../engine/definitions';
import type { InFlightSummary } from '../../engine/preview/in-flight';

/** What an edit changes: for those in flight, and in the lives of the past. */
export interface DiffReport {
  /** ISO 8601. */
  readonly since: string;
  readonly until: string;
  /** Journeys that were added, removed or whose code or options differ. */
  readonly changed: readonly string[];
  /** Null without a database. */
  readonly inFlight: InFlightSummary | null;
  readonly backtest: Backtest;
}

/** The period that is compared, epoch milliseconds. */
export interface Period {
  readonly since: number;
  readonly until: number;
}

/** Lives every life under both definitions, and adds up what differs. */
export async function backtest(
  lives: AsyncIterable<Life>,
  before: LoadedDefinitions,
  after: LoadedDefinitions,
  { since, until }: Period,
): Promise<Backtest> {
  const count = new BacktestCount();
  for await (const life of lives)
    count.add(life.id, await relive(life, before, until), await relive(life, after, until), since);
  return count.result();
}

/** The ids of journeys that only one side has, or whose code or options differ. */
export function changedJourneys(before: LoadedDefinitions, after: LoadedDefinitions): string[] {
  const [old, now] = [before, after].map(fingerprints);
  const ids = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
  return [...ids].filter((id) => old?.get(id) !== now?.get(id)).sort();
}

function fingerprints({ journeys, outlines }: LoadedDefinitions): Map<string, string> {
  return new Map(journeys.map((journey) => [journey.id, fingerprint([journey, outlines.get(journey.id)])]));
}
