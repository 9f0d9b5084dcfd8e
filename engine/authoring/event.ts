import type { JsonObject } from '../model/json';
import { ANY_EVENT_NAME } from '../model/activity';
import type { RecordedEvent } from '../model/state';
import type { StandardSchema } from './standard-schema';

/** An event of the catalogue: its name in Segment's style (`Project Created`), the schema of its properties, and an example. */
export interface EventDefinition<Properties = JsonObject, Name extends string = string> {
  readonly kind: 'event';
  readonly name: Name;
  readonly schema: StandardSchema<Properties> | null;
  /** Properties that pass the schema. They are used to check templates, to explore journeys, and in the documentation. */
  readonly example: JsonObject;
}

/** An event that happened, as journeys see it. */
export interface Occurrence<Properties = JsonObject, Name extends string = string> {
  readonly id: string;
  readonly name: Name;
  /** When it happened, epoch milliseconds. */
  readonly at: number;
  readonly properties: Properties;
}

/** A choice of events for `waitFor`: any one of them ends the wait. */
export interface AnyOf<Event extends EventDefinition<unknown> = EventDefinition<unknown>> {
  readonly kind: 'anyOf';
  readonly events: readonly Event[];
}

/** The type of the occurrence that `waitFor` returns for an awaited event or choice of events. */
export type OccurrenceOf<Awaited> =
  Awaited extends EventDefinition<infer Properties, infer Name>
    ? Occurrence<Properties, Name>
    : Awaited extends AnyOf<infer Event>
      ? Event extends EventDefinition<infer Properties, infer Name>
        ? Occurrence<Properties, Name>
        : never
      : never;

/**
 * Any activity: whatever the user does. Use it in exits, goals, waits and stage rules, such as "stop at once when the user is
 * back". Unlike a named event, it matches only events that arrive while it is awaited: an exit or goal from the entry on, a
 * `waitFor` from the step on.
 */
export const activity: EventDefinition<JsonObject> = { kind: 'event', name: ANY_EVENT_NAME, schema: null, example: {} };

/**
 * Declares an event of the catalogue.
 * @param name the name as the app sends it, such as `Project Created`
 * @param schema the schema of the properties: zod or any other Standard Schema
 * @param example properties that pass the schema
 * @throws {TypeError} when the name is empty or `*`, or the example does not pass the schema
 */
export function event<Properties, const Name extends string>(
  name: Name,
  schema: StandardSchema<Properties>,
  example: JsonObject,
): EventDefinition<Properties, Name> {
  if (name === ANY_EVENT_NAME || name.trim() === '') throw new TypeError(`'${name}' can't be the name of an event.`);
  const result = schema['~standard'].validate(example);
  if (!(result instanceof Promise) && result.issues) {
    throw new TypeError(
      `The example of event '${name}' does not pass its schema: ${result.issues.map((issue) => issue.message).join('; ')}`,
    );
  }
  return { kind: 'event', name, schema, example };
}

/** The error for `*` as a trigger. It is not one, because everything that anybody does would wake a worker. */
export const ANYTHING_LETS_IN = 'Any activity (*) is not a trigger: name an event, or use inactivity.';

/** Any one of several events, for `waitFor`. The returned occurrence tells by its `name` which one came. */
export function anyOf<const Events extends readonly EventDefinition<unknown>[]>(
  ...events: Events
): AnyOf<Events[number]> {
  return { kind: 'anyOf', events };
}

/** The names of an awaited event or choice of events. */
export function namesOf(awaited: EventDefinition<unknown> | AnyOf): string[] {
  return definitionsOf(awaited).map(({ name }) => name);
}

/** The definitions of an awaited event or choice of events. */
export function definitionsOf(awaited: EventDefinition<unknown> | AnyOf): readonly EventDefinition<unknown>[] {
  return awaited.kind === 'anyOf' ? awaited.events : [awaited];
}

/** An event as it would be recorded, with the properties of the catalogue's example. */
export function exampleOf({ name, example }: EventDefinition<unknown>): RecordedEvent {
  return { id: 'example', name, at: 0, properties: example };
}
