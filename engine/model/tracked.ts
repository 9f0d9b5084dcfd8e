import type { ForgetAt } from './forget-at';
import type { JsonObject } from './json';
import { getOwn } from './own-property';

/**
 * An event that a journey has tracked, for its user or another. `id` is a UUID v5 of run and step, so the same decision is the same
 * event.
 */
export interface TrackedEvent {
  readonly id: string;
  /** Whom it happens to. */
  readonly userId: string;
  readonly name: string;
  /** Epoch milliseconds of wall time: like a message, it never happens in the past. */
  readonly at: number;
  readonly properties: JsonObject;
  /** Until when properties are kept, because they hold what another event forgets. Absent or null if none does. */
  readonly forgetAt?: ForgetAt | null;
}

/** The property of an event that says by which step of a journey it was tracked. Events of apps have none. */
const SOURCE = '$source';

/** The step that tracked an event. It names no person. */
export interface EventSource {
  readonly journey: string;
  readonly step: string;
  /** How many events led to one another only by such steps, this one included. */
  readonly hops: number;
}

/** The properties with the source of the event. */
export function withSource(properties: JsonObject, source: EventSource): JsonObject {
  return { ...properties, [SOURCE]: { ...source } };
}

/** How many events led to one another only by journeys, up to the one with these properties. It is 0 for an event of an app. */
export function hopsOf(properties: JsonObject): number {
  const source = getOwn(properties, SOURCE);
  const hops = typeof source === 'object' && source !== null && !Array.isArray(source) ? source['hops'] : 0;
  // Apps can send anything.
  return typeof hops === 'number' && hops > 0 ? hops : 0;
}
