import { copiesIn, secretsOf } from '../../model/forgetting';
import { messageId } from '../../model/ids';
import type { JsonObject } from '../../model/json';
import { MAX_HOPS } from '../../model/limits';
import { withSource } from '../../model/tracked';
import type { StepContext } from '../context';
import { hopsSoFar } from './hops';

/** An event that a step makes happen to its own user. */
export interface OwnEvent {
  readonly name: string;
  readonly properties: JsonObject;
  /** Tells it from the other events of the step. */
  readonly part: string;
}

/** Why the events of a step were not told. */
export const UNTOLD = `no journey is told: ${MAX_HOPS} events in a row were tracked by journeys`;

/**
 * Tracks an event of a step for a user.
 * @param hops how many events in a row journeys have tracked, this one included
 * @param part tells it from the other events of the step; null if it is the only one
 */
export function trackFor(
  { draft, run, journal, step, wallTime }: StepContext,
  hops: number,
  {
    userId,
    name,
    properties,
    part,
  }: Omit<OwnEvent, 'part'> & { readonly userId: string; readonly part: string | null },
): void {
  // A step's name has no line break, so no other step has this id.
  const id = messageId(run.id, part === null ? step : `${step}\n${part}`);
  const source = { journey: run.journey, step, hops };
  const forgetAt = copiesIn(properties, secretsOf(run, journal.values()));
  draft.tracked.push({
    id,
    userId,
    name,
    at: wallTime,
    properties: withSource(properties, source),
    ...(forgetAt && { forgetAt }),
  });
}

/** Tracks events for the user. Returns false if journeys only answer one another, and so nothing is tracked. */
export function tell(context: StepContext, events: readonly OwnEvent[]): boolean {
  const hops = hopsSoFar(context) + 1;
  if (events.length > 0 && hops > MAX_HOPS) return false;
  for (const event of events) trackFor(context, hops, { ...event, userId: context.draft.id });
  return true;
}
