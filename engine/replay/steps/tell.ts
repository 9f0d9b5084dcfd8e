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

/** Tracks events for the user. Returns false if journeys only answer one another, and so nothing is tracked. */
export function tell(context: StepContext, events: readonly OwnEvent[]): boolean {
  const { draft, run, step, wallTime } = context;
  const hops = hopsSoFar(context) + 1;
  if (events.length > 0 && hops > MAX_HOPS) return false;
  for (const { name, properties, part } of events) {
    const id = messageId(run.id, `${step}\n${part}`);
    const source = { journey: run.journey, step, hops };
    draft.tracked.push({ id, userId: draft.id, name, at: wallTime, properties: withSource(properties, source) });
  }
  return true;
}
