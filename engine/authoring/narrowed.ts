import { textId } from '../model/ids';
import type { JsonObject } from '../model/json';
import type { EventDefinition } from './event';
import { filterText, passesTests, type Filter, type Tests } from './filter';

/*
 * Ingest can tell that an event passes no filter if the filter is data. So an awaited event with such a filter has a name of its
 * own: the event's name with a digest of the tests.
 */

/** An awaited event that a filter narrows, as far as the filter is data. */
export interface NarrowedName {
  /** The name of the event. */
  readonly name: string;
  /** Its name with a digest of the tests. */
  readonly as: string;
  readonly tests: readonly Tests[];
}

/** The event as far as its filters are data; null if none is. */
export function narrowedName({ name, filters = [] }: EventDefinition<unknown>): NarrowedName | null {
  const tests = filters.filter(isData);
  return tests.length > 0 ? { name, as: `${name}\n${textId(filterText(tests))}`, tests } : null;
}

/** Under which name an event is awaited. */
export function awaitedAs(definition: EventDefinition<unknown>): string {
  return narrowedName(definition)?.as ?? definition.name;
}

/**
 * The names, each narrowed as far as all events of this name are.
 * @param definitions the events that are meant. Default: all of these names
 */
export function narrowedNames(
  names: readonly string[],
  definitions: readonly EventDefinition<unknown>[] = [],
): string[] {
  return names.flatMap((name) => {
    const meant = definitions.filter((one) => one.name === name);
    return meant.length > 0 ? meant.map(awaitedAs) : [name];
  });
}

/**
 * The names that an event is known by: its own, and one for each filter that it passes.
 * @param narrowed see `Definitions`
 */
export function knownAs(
  name: string,
  properties: JsonObject,
  narrowed: ReadonlyMap<string, readonly NarrowedName[]>,
): string[] {
  const passed = narrowed.get(name)?.filter(({ tests }) => tests.every((one) => passesTests(one, properties))) ?? [];
  return [name, ...passed.map((one) => one.as)];
}

function isData(filter: Filter): filter is Tests {
  return typeof filter !== 'function';
}
