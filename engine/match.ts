import type { Draft } from './draft';
import { byOccurrence } from './draft';
import { ANY_EVENT_NAME, type Occurrence } from './event';
import type { Journey } from './journey';
import type { JsonObject } from './json';
import type { Need, RecordedEvent, Run, UserEvent } from './state';

/** Names the engine gives to events of its own; apps can't send them, and they are not activity. */
export const INTERNAL_PREFIX = 'sojourn:';

/** Thrown inside `advance` when the store has to be asked first; never leaves it. */
export class NeedError extends Error {
  constructor(readonly need: Need) {
    super(`The engine needs to be told about ${need.kind}.`);
  }
}

/** The part of an event a journal keeps. */
export function recorded({ id, name, at, properties }: UserEvent | RecordedEvent): RecordedEvent {
  return { id, name, at, properties };
}

/** An event as the functions of a journey see it. */
export function occurrence(event: RecordedEvent): Occurrence {
  return event as Occurrence<JsonObject>;
}

/** Does the event bear one of the names? The name `*` stands for every event an app sent. */
export function bears(event: { readonly name: string }, names: readonly string[]): boolean {
  return names.includes(event.name) || (names.includes(ANY_EVENT_NAME) && !event.name.startsWith(INTERNAL_PREFIX));
}

/** When the engine could first know of an event: on arrival, and no later than now even if the receiver's clock is ahead. */
export function knownAt(event: UserEvent, now: number): number {
  return Math.min(event.receivedAt, now);
}

/** The key an event has for a journey; undefined when the journey has no keys or the event has none. */
export function keyOf(journey: Journey, event: RecordedEvent): string | undefined {
  return journey.key?.(occurrence(event));
}

/** Does an event concern this run? Without keys, or where the event has none, every event does. */
export function concerns(journey: Journey, run: Run, event: RecordedEvent): boolean {
  if (run.key === null) return true;
  const key = keyOf(journey, event);
  return key === undefined || key === run.key;
}

/**
 * The user's events with such names that concern the run and happened since `since`, known at `moment`, in order of occurrence.
 * @throws {NeedError} when the history at hand does not reach that far
 */
export function eventsFor(
  draft: Draft,
  journey: Journey,
  run: Run,
  names: readonly string[],
  since: number,
  moment: number,
  now: number,
): UserEvent[] {
  const { history } = draft;
  const named = names.filter((name) => name !== ANY_EVENT_NAME);
  const complete =
    history.names === null || (since >= history.since && named.every((name) => history.names?.includes(name)));
  if (named.length > 0 && !complete) throw new NeedError({ kind: 'events', names: named, since });
  return history.events
    .filter(
      (event) =>
        bears(event, names) && event.at >= since && event.id !== run.trigger.id && knownAt(event, now) <= moment,
    )
    .filter((event) => concerns(journey, run, event))
    .sort(byOccurrence);
}
