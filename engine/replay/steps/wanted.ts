import {
  definitionsOf,
  isOneOf,
  refuseMissing,
  widened,
  type AllOf,
  type AnyOf,
  type EventDefinition,
} from '../../authoring/event';
import { exampleOf } from '../../authoring/example';
import { ANY_EVENT_NAME } from '../../model/activity';
import { withoutSecrets } from '../../model/forgetting';
import type { Json } from '../../model/json';
import { shownName } from '../../model/shown-name';
import type { RecordedEvent, UserEvent } from '../../model/state';

export type Awaited = EventDefinition<unknown> | AnyOf | AllOf;

/** The most events of one wait. All of them are kept in the journal. */
export const MOST_EVENTS = 100;

/** The events that a wait needs. */
export interface Wanted {
  /** All events that it awaits. */
  readonly definitions: readonly EventDefinition<unknown>[];
  /** In words. */
  readonly text: string;
  /** The answer is one event. Otherwise it is a list. */
  readonly isSingle: boolean;
  /** The answer for the events that are recorded. An edit may have changed how many the wait needs: null if they don't fit. */
  answer(events: readonly RecordedEvent[]): RecordedEvent | readonly RecordedEvent[] | null;
  /**
   * The events that end the wait; null when some are still to come.
   * @param events those that have come, in the order they happened
   */
  among(events: readonly UserEvent[]): readonly UserEvent[] | null;
  /** Examples of the events that end it. They are made when they are read: a replay reads none. */
  readonly examples: readonly (readonly RecordedEvent[])[];
}

/**
 * Says which events a wait needs.
 * @throws {TypeError} when there is no event, or when `times` is not a whole number in its range, or not for events that can be counted
 */
export function wantedBy(awaited: Awaited, times: number | undefined): Wanted {
  refuseMissing(awaited);
  const parts = awaited.kind === 'allOf' ? awaited.parts : null;
  const definitions = parts ? parts.flatMap(definitionsOf) : definitionsOf(awaited as EventDefinition<unknown> | AnyOf);
  const isSingle = parts === null && times === undefined;
  if (!isSingle && definitions.some(({ name }) => name === ANY_EVENT_NAME))
    throw new TypeError('Any activity (*) can be awaited once only. Name the events.');
  if (parts) {
    if (times !== undefined) throw new TypeError('Expected `times` with one event or with anyOf, not with allOf.');
    if (parts.length < 1 || parts.length > MOST_EVENTS)
      throw new TypeError(`Expected 1 to ${MOST_EVENTS} events in allOf.`);
    return {
      definitions,
      text: parts.map((part) => namesIn(definitionsOf(part))).join(' and '),
      isSingle,
      answer: (events) =>
        oneForEach(
          parts.map((part) => definitionsOf(part).map(widened)),
          events,
        ),
      among: (events) => oneForEach(parts.map(definitionsOf), events),
      get examples() {
        return [parts.flatMap((part) => definitionsOf(part).slice(0, 1)).map(exampleOf)];
      },
    };
  }
  if (times !== undefined && !(Number.isInteger(times) && times >= 2 && times <= MOST_EVENTS))
    throw new TypeError(`Expected \`times\` to be a whole number from 2 to ${MOST_EVENTS}, not ${times}.`);
  const count = times ?? 1;
  return {
    definitions,
    text: namesIn(definitions) + (times === undefined ? '' : `, ${times} times`),
    isSingle,
    answer: (events) => (isSingle ? (events[0] ?? null) : events.length === 0 ? null : events),
    among: (events) => (events.length < count ? null : events.slice(0, count)),
    get examples() {
      return definitions.map((definition) => Array.from({ length: count }, () => exampleOf(definition)));
    },
  };
}

function namesIn(definitions: readonly EventDefinition<unknown>[]): string {
  return [...new Set(definitions.map(({ name }) => shownName(name)))].join(' or ');
}

/**
 * Gives each part an event of its own, which may be any one of those that the part means. Where filters overlap, an event gives way
 * to another one if there is a different part for it.
 * @returns the events, in the order of the parts; null when a part gets none
 */
function oneForEach<Event extends RecordedEvent>(
  parts: readonly (readonly EventDefinition<unknown>[])[],
  events: readonly Event[],
): readonly Event[] | null {
  const given = new Map<number, Event>();
  const give = (event: Event, tried: ReadonlySet<number>): boolean => {
    const places = [...parts.keys()].filter((place) => !tried.has(place) && isOneOf(event, parts[place] ?? []));
    const now = new Set([...tried, ...places]);
    const place =
      places.find((one) => !given.has(one)) ??
      places.find((one) => {
        const former = given.get(one);
        return former && give(former, now);
      });
    if (place !== undefined) given.set(place, event);
    return place !== undefined;
  };
  for (const event of events) if (given.size < parts.length) give(event, new Set());
  return given.size < parts.length ? null : parts.flatMap((_, place) => given.get(place) ?? []);
}

/** Events that end a wait, with a given one among them. In `explore`, one event stands for all that a wait needs. */
export function completed(event: RecordedEvent, { examples }: Wanted, times: number | undefined): RecordedEvent[] {
  return (examples[0] ?? []).map((other) => (times !== undefined || other.name === event.name ? event : other));
}

/** A recorded outcome of events, as templates see it: without what is forgotten, which they get by the data of their message only. */
export function toTemplates(outcome: Json): Json {
  const shown = eventsIn(outcome).map((event) => withoutSecrets(event) as unknown as Json);
  return Array.isArray(outcome) ? shown : (shown[0] ?? null);
}

/** The choice that an answer takes; null if there is no answer, or if an edit has removed the choice. */
export function choiceIn<Value extends string>(
  event: Pick<RecordedEvent, 'properties'> | null | undefined,
  choices: readonly Value[],
): Value | null {
  return choices.find((value) => value === event?.properties['value']) ?? null;
}

/** The events of a recorded outcome. */
export function eventsIn(outcome: Json): readonly RecordedEvent[] {
  return [outcome ?? []].flat() as unknown as readonly RecordedEvent[];
}
