import type { Journey } from '../authoring/journey';
import type { Run } from '../model/state';

/** A journey and the former versions of it that somebody may be inside. */
export function allVersions(journey: Journey): Journey[] {
  return [journey, ...(journey.stored?.former ?? [])];
}

/**
 * The journey a run goes by: the present version, or a former one where those who entered under it finish on it. None while
 * that is a version that does not fit the code: nothing is decided for them, and they go on once it fits again.
 */
export function journeyOf(journeys: readonly Journey[], run: Pick<Run, 'journey' | 'version'>): Journey | undefined {
  const present = journeys.find(({ id }) => id === run.journey);
  const { version } = run;
  if (version === undefined || !present?.stored) return present;
  const { former, unfit = [] } = present.stored;
  const finishesOn = former.find(({ stored }) => stored !== undefined && version <= stored.version);
  const missing = unfit.find((one) => version <= one);
  if (missing !== undefined && missing < (finishesOn?.stored?.version ?? Infinity)) return undefined;
  return finishesOn ?? present;
}
