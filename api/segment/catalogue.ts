import type { EventDefinition } from '../../engine/authoring/event';
import type { JsonObject } from '../../engine/model/json';
import type { StandardIssue, StandardResult } from '../../engine/authoring/standard-schema';
import { pointerTo, type FieldError } from '../pointer';

/** The events with a schema for their properties, by name. */
export type Catalogue = ReadonlyMap<string, EventDefinition<unknown>>;

const indexed = new WeakMap<readonly EventDefinition<unknown>[], Catalogue>();

/** Indexes events by name. A list that has been indexed before is not indexed again. */
export function catalogueOf(events: readonly EventDefinition<unknown>[]): Catalogue {
  const known = indexed.get(events) ?? new Map(events.map((event) => [event.name, event]));
  indexed.set(events, known);
  return known;
}

/**
 * Validates the properties of an event against its schema. Events that the catalogue does not contain have no errors.
 * @param pointerToCall the pointer to its call in the request body
 * @returns a promise only when the schema validates asynchronously
 */
export function mismatches(
  catalogue: Catalogue,
  name: string,
  properties: JsonObject,
  pointerToCall: string,
): FieldError[] | Promise<FieldError[]> {
  const schema = catalogue.get(name)?.schema;
  if (!schema) return [];
  const pointer = `${pointerToCall}/properties`;
  // Refinements and transformations of a schema may throw.
  const failed = (): FieldError[] => [{ pointer, detail: `must match the schema of the event '${name}'` }];
  try {
    const result = schema['~standard'].validate(properties);
    return result instanceof Promise
      ? result.then((late) => errorsIn(late, pointer), failed)
      : errorsIn(result, pointer);
  } catch {
    return failed();
  }
}

function errorsIn({ issues = [] }: StandardResult, pointer: string): FieldError[] {
  return issues.map((issue) => ({ pointer: pointerTo(pointer, pathOf(issue)), detail: issue.message }));
}

function pathOf({ path }: StandardIssue): PropertyKey[] {
  return (path ?? []).map((segment) => (typeof segment === 'object' ? segment.key : segment));
}
