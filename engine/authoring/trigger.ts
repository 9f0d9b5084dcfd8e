import { toMs, type Duration } from '../model/duration';
import { ANY_EVENT_NAME, type EventDefinition } from './event';

/** Entry when the user has shown no activity for a while; once per silence. */
export interface InactivityTrigger {
  readonly kind: 'inactivity';
  readonly afterMs: number;
}
/** Entry when a count of events is reached: the 1st, 10th, 100th. */
export interface MilestoneTrigger<Event extends EventDefinition<unknown> = EventDefinition<unknown>> {
  readonly kind: 'milestone';
  readonly event: Event;
  readonly counts: readonly number[];
}
/** Entry when the user's stage becomes this one. */
export interface StageTrigger {
  readonly kind: 'stage';
  readonly stage: string;
}
/** Entry by hand only: the API, support staff. */
export interface ManualTrigger {
  readonly kind: 'manual';
}

/** What lets a user enter a journey. Every journey can also be entered by hand. */
export type Trigger = EventDefinition<unknown> | InactivityTrigger | MilestoneTrigger | StageTrigger | ManualTrigger;

/** Why `*` is no trigger. Nobody would enter by it, and whatever anybody does would wake a worker. */
export const ANYTHING_LETS_IN = 'Any activity is no trigger: name the event, or use inactivity.';

/** Enter after this long without activity; checked lazily, so activity itself costs nothing. */
export function inactivity(after: Duration): InactivityTrigger {
  return { kind: 'inactivity', afterMs: toMs(after) };
}

/**
 * Enter when the user's number of such events reaches one of the counts.
 * @throws {TypeError} when a count is not a positive whole number, or the event is any activity
 */
export function milestone<Event extends EventDefinition<unknown>>(
  event: Event,
  counts: readonly number[],
): MilestoneTrigger<Event> {
  if (counts.length === 0 || counts.some((count) => !Number.isInteger(count) || count < 1)) {
    throw new TypeError(`milestone(${event.name}): counts are positive whole numbers.`);
  }
  if (event.name === ANY_EVENT_NAME) throw new TypeError(`milestone: ${ANYTHING_LETS_IN}`);
  return { kind: 'milestone', event, counts: [...counts].sort((a, b) => a - b) };
}

/** Enter when the lifecycle puts the user into this stage. */
export function stage(name: string): StageTrigger {
  return { kind: 'stage', stage: name };
}

/** Enter by hand only. */
export function manual(): ManualTrigger {
  return { kind: 'manual' };
}
