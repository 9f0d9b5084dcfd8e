import type { Journey } from './journey';
import type { Run } from './state';

/** A journey and the former versions of it that somebody may be inside. */
export function allVersions(journey: Journey): Journey[] {
  return [journey, ...(journey.stored?.former ?? [])];
}

/** The journey a run goes by: the present version, or a former one where those who entered under it finish on it. */
export function journeyOf(journeys: readonly Journey[], run: Pick<Run, 'journey' | 'version'>): Journey | undefined {
  const present = journeys.find(({ id }) => id === run.journey);
  const { version } = run;
  if (version === undefined) return present;
  return present?.stored?.former.find(({ stored }) => stored !== undefined && version <= stored.version) ?? present;
}
