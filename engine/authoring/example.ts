import { forgetAtOf } from '../model/forget-at';
import type { JsonObject } from '../model/json';
import type { RecordedEvent } from '../model/state';
import type { EventDefinition } from './event';
import { passes, type Tests } from './filter';
import { adapted } from './filter-example';
import { fitsSchema, propertiesOf, variantsOf } from './variants';

/**
 * An event as it would be recorded, with the properties of the catalogue's example. If the event has filters, it has properties
 * that pass them, as far as such can be found.
 */
export function exampleOf(definition: EventDefinition<unknown>): RecordedEvent {
  const { name, example, forget } = definition;
  const properties = passingExample(definition) ?? example;
  const forgetAt = forgetAtOf(forget, properties, 0);
  return { id: 'example', name, at: 0, properties, ...(forgetAt && { forgetAt }) };
}

/** Are there example properties that pass the filters and the schema? Without them, nothing can show what the event leads to. */
export function hasExample(definition: EventDefinition<unknown>): boolean {
  return passingExample(definition) !== undefined;
}

function passingExample(definition: EventDefinition<unknown>): JsonObject | undefined {
  const { name, example, examples = [], filters } = definition;
  if (!filters) return example;
  const isPassed = (properties: JsonObject): boolean =>
    passes(filters, { id: 'example', name, at: 0, properties }) && fitsSchema(definition, properties);
  const declared = [example, ...examples].find(isPassed);
  if (declared) return declared;
  const tests = filters.filter((filter): filter is Tests => typeof filter !== 'function');
  const changed = tests.reduce(adapted, example);
  if (isPassed(changed)) return changed;
  return [example, changed]
    .flatMap((base) => variantsOf({ ...definition, example: base }, propertiesOf(definition)))
    .map(({ properties }) => properties)
    .find(isPassed);
}
