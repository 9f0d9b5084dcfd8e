import type { Journey } from '../authoring/journey';
import type { Run } from '../model/state';

/** A journey and its former versions on which users may still finish. */
export function allVersions(journey: Journey): Journey[] {
  return [journey, ...(journey.stored?.former ?? [])];
}

/**
 * The journey that decides a run: the current version, or a former one on which the user finishes.
 * @returns undefined when the definitions lack the journey, or the version does not fit the code. Nothing is decided for the run
 * then, and it goes on once the version fits again
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
