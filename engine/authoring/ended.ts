import { z } from 'zod';
import { endedJourney, endedName, type EndedName } from '../model/ended';
import { RUN_ENDS } from '../model/state';
import { event, type CatalogueEvent, type EventDefinition } from './event';

const properties = z.object({
  journey: z.string(),
  /** The key of the run that has ended, in a keyed journey. */
  key: z.string().exactOptional(),
  /** The step that started it. */
  step: z.string(),
  /** `completed`: its code returned, or its goal ended it. `exited`: anything else ended it. */
  status: z.enum(['completed', 'exited']),
  /** What ended it. */
  by: z.enum(RUN_ENDS),
  /** Why it ended, as text for people. */
  reason: z.string(),
  /** Whether it had reached its goal. */
  goalReached: z.boolean(),
});

/** How a run ended that `j.start` had started. */
export type Ended = z.infer<typeof properties>;

/**
 * The end of a run of a journey that this run has started with `j.start`. It can stand in waits, among the exits and as the goal. A
 * trigger, a milestone, a stage rule and `did` can't have it, since it concerns a single run.
 * @param journey the journey, or its id
 */
export function ended(journey: string | { readonly id: string }): CatalogueEvent<Ended, EndedName> {
  const id = typeof journey === 'string' ? journey : journey.id;
  const example = { journey: id, step: 'start', status: 'completed', by: 'returned', reason: 'finished' };
  return event<Ended, EndedName>(endedName(id), properties, { ...example, goalReached: false });
}

/** The event that a journey has ended, by its name; undefined for any other event. */
export function endedNamed(name: string): EventDefinition<Ended> | undefined {
  const journey = endedJourney(name);
  return journey === null ? undefined : ended(journey);
}
