import { toMs, type Duration } from '../model/duration';
import type { Forget } from '../model/forget-at';
import type { JsonObject } from '../model/json';
import { ANY_EVENT_NAME } from '../model/activity';
import { shownName } from '../model/shown-name';
import type { RecordedEvent } from '../model/state';
import { filterText, passes, requireFilter, type Filter, type TestsOf } from './filter';
import type { StandardSchema } from './standard-schema';

/** An event of the catalogue: its name in Segment's style (`Project Created`), the schema of its properties, and an example. */
export interface EventDefinition<Properties = JsonObject, Name extends string = string> {
  readonly kind: 'event';
  readonly name: Name;
  readonly schema: StandardSchema<Properties> | null;
  /** Properties that pass the schema. They are used to check templates, to explore journeys, and in the documentation. */
  readonly example: JsonObject;
  /** Further ones of the same kind, by which `explore` goes, too. Absent: there are none. */
  readonly examples?: readonly JsonObject[];
  /** Only events that pass all of these are meant. Absent: every event of this name is. */
  readonly filters?: readonly Filter[];
  /** How long properties are kept, by property, milliseconds. Absent: all are kept. */
  readonly forget?: Forget;
}

/** An event of the catalogue, as a team declares it. */
export interface CatalogueEvent<Properties = JsonObject, Name extends string = string> extends EventDefinition<
  Properties,
  Name
> {
  /**
   * Narrows the event: only those that pass the filter are meant. It can be used wherever an event can: as a trigger, in waits,
   * exits, goals and milestones. An event that does not pass changes nothing.
   * @param filter what the properties must be, or a function of the event alone that always decides the same for the same event.
   * An event on which the function throws does not pass
   * @param example properties that pass the filter. Default: the example of the catalogue, changed to what the filter says
   * @throws {TypeError} when the filter has an unknown comparison, or the example does not pass the schema
   */
  where(
    filter: TestsOf<Properties> | ((event: Occurrence<Properties, Name>) => boolean),
    example?: JsonObject,
  ): CatalogueEvent<Properties, Name>;
}

/** The options of an event. */
export interface EventOptions<Forgotten extends string = string> {
  /**
   * How long properties are kept, counted from when the event was received: `{ link: '1 hour' }`. After that they are gone wherever
   * they were stored, and code gets undefined. Default: all are kept.
   */
  readonly forget?: Readonly<Record<Forgotten, Duration>>;
  /**
   * Further properties that pass the schema, which `explore` tries beside the example: for code that takes a way only if several
   * properties fit together. They change nothing for users. Default: none.
   */
  readonly examples?: readonly JsonObject[];
}

/** The properties of an event of which some are forgotten after a time. */
export type Forgetting<Properties, Forgotten extends string> = [Forgotten] extends [never]
  ? Properties
  : { [Name in keyof Properties as Name extends Forgotten ? never : Name]: Properties[Name] } & {
      [Name in keyof Properties as Name extends Forgotten ? Name : never]?: Properties[Name] | undefined;
    };

/** An event that happened, as journeys see it. */
export interface Occurrence<Properties = JsonObject, Name extends string = string> {
  readonly id: string;
  readonly name: Name;
  /** When it happened, epoch milliseconds. */
  readonly at: number;
  readonly properties: Properties;
}

/** A choice of events: any one of them is meant. It can stand wherever an event can. */
export interface AnyOf<Event extends EventDefinition<unknown> = EventDefinition<unknown>> {
  readonly kind: 'anyOf';
  readonly events: readonly Event[];
}

/** The type of the occurrence of an event, or of any one of a choice of events. */
export type OccurrenceOf<Awaited> =
  Awaited extends EventDefinition<infer Properties, infer Name>
    ? Occurrence<Properties, Name>
    : Awaited extends AnyOf<infer Event>
      ? Event extends EventDefinition<infer Properties, infer Name>
        ? Occurrence<Properties, Name>
        : never
      : never;

/** Several events, each of which has to come. One occurrence stands for one of them only. */
export interface AllOf<
  Parts extends readonly (EventDefinition<unknown> | AnyOf)[] = readonly (EventDefinition<unknown> | AnyOf)[],
> {
  readonly kind: 'allOf';
  readonly parts: Parts;
}

/** The type of the occurrences that `waitFor` returns for all of several events. */
export type OccurrencesOf<Parts extends readonly unknown[]> = {
  readonly [Place in keyof Parts]: OccurrenceOf<Parts[Place]>;
};

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
 * @throws {TypeError} when the name is empty or `*`, an example does not pass the schema, or the example lacks a property of `forget`
 */
export function event<Properties, const Name extends string, const Forgotten extends string = never>(
  name: Name,
  schema: StandardSchema<Properties>,
  example: JsonObject,
  { forget, examples }: EventOptions<Forgotten> = {},
): CatalogueEvent<Forgetting<Properties, Forgotten>, Name> {
  if (name === ANY_EVENT_NAME || name.trim() === '') throw new TypeError(`'${name}' can't be the name of an event.`);
  for (const one of [example, ...(examples ?? [])]) requireExample(name, schema, one);
  const kept = forget && { forget: keptFor(name, example, forget) };
  // The schema says what the event has when it comes, the type what is left of it later.
  const later: StandardSchema<unknown> = schema;
  return new Declared({
    kind: 'event',
    name,
    schema: later as StandardSchema<Forgetting<Properties, Forgotten>>,
    example,
    ...(examples && { examples }),
    ...kept,
  });
}

function keptFor(name: string, example: JsonObject, forget: Readonly<Record<string, Duration>>): Forget {
  return Object.fromEntries(
    Object.entries(forget).map(([property, duration]) => {
      if (!Object.hasOwn(example, property))
        throw new TypeError(`The example of event '${name}' has no property '${property}', which it forgets.`);
      return [property, toMs(duration)];
    }),
  );
}

/** Its fields are those of the definition, so that it can be compared and printed as one. */
class Declared<Properties, Name extends string> implements CatalogueEvent<Properties, Name> {
  declare readonly kind: 'event';
  declare readonly name: Name;
  declare readonly schema: StandardSchema<Properties> | null;
  declare readonly example: JsonObject;
  declare readonly examples?: readonly JsonObject[];
  declare readonly filters?: readonly Filter[];
  declare readonly forget?: Forget;

  constructor(definition: EventDefinition<Properties, Name>) {
    Object.assign(this, definition);
  }

  where(
    filter: TestsOf<Properties> | ((event: Occurrence<Properties, Name>) => boolean),
    example?: JsonObject,
  ): Declared<Properties, Name> {
    if (example) requireExample(this.name, this.schema, example);
    // The function only ever gets events of this name.
    return new Declared(narrowed(this, filter as Filter, example));
  }
}

/**
 * The event, narrowed by one more filter.
 * @throws {TypeError} when the filter says nothing, or has an empty list or an unknown comparison
 */
export function narrowed<Properties, Name extends string>(
  { kind, name, schema, example: known, examples, filters = [], forget }: EventDefinition<Properties, Name>,
  filter: Filter,
  example = known,
): EventDefinition<Properties, Name> {
  const given: unknown = filter;
  const isObject = typeof given === 'object' && given !== null;
  if (typeof given !== 'function' && !(isObject && Object.keys(given).length > 0))
    throw new TypeError(
      "where: expected what properties must be, such as { plan: 'pro' }, or a function of the event.",
    );
  requireFilter(filter);
  return {
    kind,
    name,
    schema,
    example,
    ...(examples && { examples }),
    filters: [...filters, filter],
    ...(forget && { forget }),
  };
}

/** The event without its filters. */
export function widened(definition: EventDefinition<unknown>): EventDefinition<unknown> {
  if (!definition.filters) return definition;
  const { filters: _, ...whole } = definition;
  return whole;
}

function requireExample(name: string, schema: StandardSchema | null, example: JsonObject): void {
  const result = schema?.['~standard'].validate(example);
  if (result && !(result instanceof Promise) && result.issues) {
    throw new TypeError(
      `The example of event '${name}' does not pass its schema: ${result.issues.map((issue) => issue.message).join('; ')}`,
    );
  }
}

/** The error for `*` as a trigger. Otherwise everything that anybody does would wake a worker. */
export const ANY_ACTIVITY_IS_NO_TRIGGER = 'Any activity (*) is not a trigger: name an event, or use inactivity.';

/**
 * Any one of several events. The occurrence has the `name` of the one that came.
 * @throws {TypeError} when there is none
 */
export function anyOf<const Events extends readonly EventDefinition<unknown>[]>(
  ...events: Events
): AnyOf<Events[number]> {
  if (events.length === 0) throw new TypeError('anyOf: expected at least one event.');
  return { kind: 'anyOf', events };
}

/** All of several events, in any order, for `waitFor`. The answer has one occurrence for each, in the order given here. */
export function allOf<const Parts extends readonly (EventDefinition<unknown> | AnyOf)[]>(
  ...parts: Parts
): AllOf<Parts> {
  return { kind: 'allOf', parts };
}

/** The names of an awaited event or choice of events. */
export function namesOf(awaited: EventDefinition<unknown> | AnyOf): string[] {
  return definitionsOf(awaited).map(({ name }) => name);
}

/**
 * Refuses what is no event, since files that run without type checks may import one by a name that its file does not have.
 * @throws {TypeError} when it is none
 */
export function refuseMissing(awaited: unknown): void {
  // Receipts such as `opened` are functions, which narrow them to a step.
  if ((typeof awaited !== 'object' && typeof awaited !== 'function') || awaited === null)
    throw new TypeError(`Expected an event, not ${String(awaited)}. Does its file export it by this name?`);
}

/**
 * Refuses what is no single event, such as its name or a choice of events.
 * @param what the step or method that was given it
 * @throws {TypeError} when it is none
 */
export function requireOneEvent(what: string, given: unknown): void {
  // Receipts such as `opened` are functions.
  const isThing = (typeof given === 'object' || typeof given === 'function') && given !== null;
  if (isThing && 'example' in given) return;
  const kind = isThing && 'kind' in given ? String(given.kind) : `a value of type ${typeof given}`;
  const shown = typeof given === 'string' ? `the text '${given}'` : kind;
  throw new TypeError(`${what}: expected one event of the catalogue, not ${shown}.`);
}

/**
 * The definitions of an awaited event or choice of events.
 * @throws {TypeError} when it is none
 */
export function definitionsOf(awaited: EventDefinition<unknown> | AnyOf): readonly EventDefinition<unknown>[] {
  refuseMissing(awaited);
  if ('events' in awaited) return awaited.events;
  const given: { readonly kind?: unknown; readonly name?: unknown } = awaited;
  if (typeof given.name !== 'string')
    throw new TypeError(
      `Expected an event or anyOf, not ${typeof given.kind === 'string' ? given.kind : 'another object'}.`,
    );
  return [awaited];
}

/** Has one of the events a filter? */
export function haveFilters(events: readonly Pick<EventDefinition<unknown>, 'filters'>[]): boolean {
  return events.some(({ filters }) => filters !== undefined);
}

/** Is it one of these events? Any activity (`*`) is none of them. */
export function isOneOf(event: RecordedEvent, events: readonly EventDefinition<unknown>[]): boolean {
  return events.some(({ name, filters = [] }) => name === event.name && passes(filters, event));
}

/** The event in words: its name, and what narrows it. */
export function eventText({ name, filters }: EventDefinition<unknown>): string {
  const shown = shownName(name);
  return filters ? `${shown} where ${filterText(filters)}` : shown;
}
