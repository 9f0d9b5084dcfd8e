import { fingerprint } from '../../engine/outline/compile';
import type { LoadedDefinitions } from '../../config/definitions';
import type { Backtest } from '../../engine/compare/backtest';

import type { InFlightSummary } from '../../engine/preview/in-flight';

/** What an edit changes: for runs in progress, and in the replayed past. */
export interface DiffReport {
  /** Start of the replayed period, ISO 8601. */
  readonly since: string;
  /** End of the replayed period, ISO 8601. */
  readonly until: string;
  /** Ids of the journeys that were added, removed, or changed in their code or options. */
  readonly changed: readonly string[];
  /** What differs in the policy, one line for each limit. */
  readonly policy: readonly string[];
  /** Null when no database was read. */
  readonly inFlight: InFlightSummary | null;
  readonly backtest: Backtest;
}

/** Returns the ids of the journeys that were added, removed, or changed in their code or options. */
export function changedJourneys(before: LoadedDefinitions, after: LoadedDefinitions): string[] {
  const [old, now] = [before, after].map(fingerprints);
  const ids = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
  return [...ids].filter((id) => old?.get(id) !== now?.get(id)).sort();
}

function fingerprints({ journeys, outlines }: LoadedDefinitions): Map<string, string> {
  return new Map(journeys.map((journey) => [journey.id, fingerprint([journey, outlines.get(journey.id)])]));
}
