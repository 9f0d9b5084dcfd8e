import { eventsByName, type LoadedDefinitions } from '../config/definitions';
import type { StoredProblem } from '../engine/definitions/definitions';
import { assemble, type StoredJourney } from '../engine/json/assemble';

/** The journeys of code together with those stored beside them, as a worker runs them. */
export interface Together {
  readonly definitions: LoadedDefinitions;
  /** What of the stored journeys doesn't fit this code, and is left out. */
  readonly problems: readonly StoredProblem[];
}

/** Adds stored journeys to those of code. */
export async function withStored(code: LoadedDefinitions, stored: readonly StoredJourney[]): Promise<Together> {
  const { definitions, problems } = await assemble(code, stored, eventsByName(code));
  return { definitions: { ...definitions, events: code.events }, problems };
}

/** The same for a command: says on stderr what is left out. */
export async function runningTogether(
  code: LoadedDefinitions,
  stored: readonly StoredJourney[],
): Promise<LoadedDefinitions> {
  const { definitions, problems } = await withStored(code, stored);
  for (const { text } of problems) console.error(text);
  return definitions;
}

/** Stored journeys as they were while people lived: a pause of today was none in the past. */
export function neverPaused(stored: readonly StoredJourney[]): StoredJourney[] {
  return stored.map((one) => ({ ...one, paused: false }));
}
