import type { EventDefinition } from '../../engine/event';
import type { JsonObject } from '../../engine/json';
import type { StandardIssue } from '../../engine/standard-schema';
import { pointerTo, type FieldError } from '../pointer';

/** The events whose properties are known, by name. */
export type Catalogue = ReadonlyMap<string, EventDefinition<unknown>>;

/** Arranges the catalogue for looking up. */
export function catalogueOf(events: readonly EventDefinition<unknown>[]): Catalogue {
  return new Map(events.map((event) => [event.name, event]));
}

/**
 * What the catalogue finds wrong with an event; nothing with one it doesn't know.
 * @param pointer to the properties
 */
export async function mismatches(
  catalogue: Catalogue,
  name: string,
  properties: JsonObject,
  pointer: string,
): Promise<FieldError[]> {
  const schema = catalogue.get(name)?.schema;
  if (!schema) return [];
  try {
    const result = schema['~standard'].validate(properties);
    const { issues } = result instanceof Promise ? await result : result;
    return (issues ?? []).map((issue) => ({ pointer: pointerTo(pointer, pathOf(issue)), detail: issue.message }));
  } catch {
    // A refinement or transformation of the team's that can't cope with what it is given.
    return [{ pointer, detail: `does not fit the schema of '${name}'` }];
  }
}

function pathOf({ path }: StandardIssue): PropertyKey[] {
  return (path ?? []).map((segment) => (typeof segment === 'object' ? segment.key : segment));
}
