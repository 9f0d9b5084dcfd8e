import { eventsByName, type LoadedDefinitions } from '../config/definitions';
import type { StoredProblem } from '../engine/definitions/definitions';
import { assemble, type StoredJourney } from '../engine/json/assemble';

/** Journeys from code combined with stored journeys, as a worker runs them. */
export interface Together {
  readonly definitions: LoadedDefinitions;
  /** Stored journeys that do not fit this code. They are left out. */
  readonly problems: readonly StoredProblem[];
}

/** Adds stored journeys to the journeys from code. */
export async function withStored(code: LoadedDefinitions, stored: readonly StoredJourney[]): Promise<Together> {
  const { definitions, problems } = await assemble(code, stored, eventsByName(code));
  return { definitions: { ...definitions, events: code.events, channelSetups: code.channelSetups }, problems };
}

/** Adds stored journeys to the journeys from code, and prints the ones that are left out to stderr. */
export async function runningTogether(
  code: LoadedDefinitions,
  stored: readonly StoredJourney[],
): Promise<LoadedDefinitions> {
  const { definitions, problems } = await withStored(code, stored);
  for (const { text } of problems) console.error(text);
  return definitions;
}

/** Returns the stored journeys as not paused, for replays of the past: a journey that is paused now was not paused then. */
export function neverPaused(stored: readonly StoredJourney[]): StoredJourney[] {
  return stored.map((one) => ({ ...one, paused: false }));
}
