import type { JsonObject } from '../model/json';
import { ANY_EVENT_NAME } from '../model/activity';
import type { RecordedEvent } from '../model/state';
import type { StandardSchema } from './standard-schema';

/** An event of the catalogue: its name in Segment's manner (`Project Created`), the schema of its properties and an example. */
export interface EventDefinition<Properties = JsonObject, Name extends string = string> {
  readonly kind: 'event';
  readonly name: Name;
  readonly schema: StandardSchema<Properties> | null;
  /** Properties that pass the schema: used to check templates, to explore journeys and in the documentation. */
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

/** Several events of which any one will do. */
export interface AnyOf<Event extends EventDefinition<unknown> = EventDefinition<unknown>> {
  readonly kind: 'anyOf';
  readonly events: readonly Event[];
}

/** Extracts the occurrence an awaited event answers with. */
export type OccurrenceOf<Awaited> =
  Awaited extends EventDefinition<infer Properties, infer Name>
    ? Occurrence<Properties, Name>
    : Awaited extends AnyOf<infer Event>
      ? Event extends EventDefinition<infer Properties, infer Name>
        ? Occurrence<Properties, Name>
        : never
      : never;

/**
 * Anything the user does: any event at all. For exits, goals and stage rules such as "stop at once when the person is back".
 * Unlike an event with a name it counts only as it comes: from the entry on, in `waitFor` from the step on.
 */
export const activity: EventDefinition<JsonObject> = { kind: 'event', name: ANY_EVENT_NAME, schema: null, example: {} };

/**
 * Declares an event of the catalogue.
 * @param name as the app sends it, e.g. `Project Created`
 * @param schema of the properties: zod or any Standard Schema
 * @param example properties that pass the schema
 * @throws {TypeError} when the example does not pass the schema
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

/** Why `*` is not a trigger: nobody would enter by it, and everything that anybody does would wake a worker. */
export const ANYTHING_LETS_IN = 'Any activity is not a trigger: name the event, or use inactivity.';

/** Any one of several events, for `waitFor`. */
export function anyOf<const Events extends readonly EventDefinition<unknown>[]>(
  ...events: Events
): AnyOf<Events[number]> {
  return { kind: 'anyOf', events };
}

/** The names an awaited event or choice of events stands for. */
export function namesOf(awaited: EventDefinition<unknown> | AnyOf): string[] {
  return definitionsOf(awaited).map(({ name }) => name);
}

/** The definitions of the events awaited. */
export function definitionsOf(awaited: EventDefinition<unknown> | AnyOf): readonly EventDefinition<unknown>[] {
  return awaited.kind === 'anyOf' ? awaited.events : [awaited];
}

/** An event as it would be recorded, with the properties of the catalogue's example. */
export function exampleOf({ name, example }: EventDefinition<unknown>): RecordedEvent {
  return { id: 'example', name, at: 0, properties: example };
}
