import { fingerprint } from '../../engine/outline/compile';
import type { LoadedDefinitions } from '../../config/definitions';
import type { Backtest } from '../../engine/compare/backtest';

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

/** The ids of journeys that only one side has, or whose code or options differ. */
export function changedJourneys(before: LoadedDefinitions, after: LoadedDefinitions): string[] {
  const [old, now] = [before, after].map(fingerprints);
  const ids = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
  return [...ids].filter((id) => old?.get(id) !== now?.get(id)).sort();
}

function fingerprints({ journeys, outlines }: LoadedDefinitions): Map<string, string> {
  return new Map(journeys.map((journey) => [journey.id, fingerprint([journey, outlines.get(journey.id)])]));
}
