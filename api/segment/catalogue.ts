import type { EventDefinition } from '../../engine/authoring/event';
import type { JsonObject } from '../../engine/model/json';
import type { StandardIssue, StandardResult } from '../../engine/authoring/standard-schema';
import { pointerTo, type FieldError } from '../pointer';

/** The events whose properties are known, by name. */
export type Catalogue = ReadonlyMap<string, EventDefinition<unknown>>;

/** Arranges the catalogue for looking up. */
export function catalogueOf(events: readonly EventDefinition<unknown>[]): Catalogue {
  return new Map(events.map((event) => [event.name, event]));
}

/**
 * What the catalogue finds wrong with an event; nothing with one it doesn't know. At once, unless the schema itself takes its time.
 * @param pointer to the properties
 */
export function mismatches(
  catalogue: Catalogue,
  name: string,
  properties: JsonObject,
  pointer: string,
): FieldError[] | Promise<FieldError[]> {
  const schema = catalogue.get(name)?.schema;
  if (!schema) return [];
  // A refinement or transformation of the team's may throw at what it can't cope with.
  const failed = (): FieldError[] => [{ pointer, detail: `does not fit the schema of '${name}'` }];
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
