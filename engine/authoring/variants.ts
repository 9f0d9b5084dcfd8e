import type { EventDefinition } from './event';
import { numbersAround } from './literals';
import { jsonLabel, type Json, type JsonObject } from '../model/json';

/** An example of an event that differs from the catalogue's example. */
export interface Variant {
  /** The difference, such as `plan: "pro"`, or `plan: none` for a missing property. */
  readonly label: string;
  readonly properties: JsonObject;
}

/** A range of whole numbers of at most this size is tried number by number, such as the scale of a rating. */
const MAX_SCALE = 20;
/** Stands for a large number where the schema has no maximum. */
const LARGE = 1_000_000;
/** The most examples of an event that differ from the first one in two properties. */
const MOST_COMBINED = 100;

/**
 * Makes further examples of an event. Each differs from the catalogue's example in one property, and passes the schema. The
 * values come from the schema and from what the code compares with:
 * - every value that can be enumerated (enum, constant, boolean, a short range of whole numbers), and no value where it is optional;
 * - the ends of a range, and the numbers next to those that the code compares with;
 * - the empty list, a list as long as the code compares with, and the list with a value that the code compares with.
 *
 * @param properties the properties to vary
 * @param compared the values that the code compares with
 * @returns an empty list when the schema cannot be converted to JSON Schema (https://standardschema.dev/json-schema)
 */
export function variantsOf(
  definition: EventDefinition<unknown>,
  properties: ReadonlySet<string>,
  compared: readonly Json[] = [],
): Variant[] {
  if (properties.size === 0) return [];
  const { example } = definition;
  return describedIn(definition)
    .filter(([property]) => properties.has(property))
    .flatMap(([property, schema]): Variant[] => {
      const { [property]: current, ...rest } = example;
      const without = current === undefined ? [] : [{ label: `${property}: none`, properties: rest }];
      return [
        ...changesOf(property, current, schema, compared).map(({ label, value }) => ({
          label,
          properties: { ...example, [property]: value },
        })),
        ...without,
      ];
    })
    .filter((variant) => fitsSchema(definition, variant.properties));
}

/** The further examples that an event declares. */
export function declaredVariantsOf({ example, examples = [] }: EventDefinition<unknown>): Variant[] {
  return examples.map((properties) => ({
    label: [...new Set([...Object.keys(example), ...Object.keys(properties)])]
      .filter((name) => JSON.stringify(properties[name]) !== JSON.stringify(example[name]))
      .map((name) => `${name}: ${properties[name] === undefined ? 'none' : jsonLabel(properties[name])}`)
      .join(', '),
    properties,
  }));
}

/**
 * Makes further examples of an event. Each differs from its example in two properties that the code compares with values, or that are
 * yes or no, and passes the schema. There is a bound to their number.
 * @param properties the properties that the code is known to read. One of the two may be another: perhaps it is read only then
 * @param compared the values that the code compares with, by the name of the property
 */
export function combinationsOf(
  definition: EventDefinition<unknown>,
  properties: ReadonlySet<string>,
  compared: ReadonlyMap<string, readonly Json[]>,
): Variant[] {
  if (properties.size === 0) return [];
  const { example } = definition;
  const single = describedIn(definition)
    .map(([name]) => name)
    .filter((name) => compared.has(name) || typeof example[name] === 'boolean')
    .map((name) => ({ name, variants: variantsOf(definition, new Set([name]), compared.get(name)) }));
  return single
    .flatMap((one, index) => single.slice(index + 1).map((other) => [one, other] as const))
    .filter((pair) => pair.some(({ name }) => properties.has(name)))
    .flatMap(([one, other]) =>
      one.variants.flatMap((variant) => other.variants.map((further) => together(variant, further, other.name))),
    )
    .filter((variant) => fitsSchema(definition, variant.properties))
    .slice(0, MOST_COMBINED);
}

/** A variant, with one property as it is in another. */
function together(one: Variant, other: Variant, property: string): Variant {
  const { [property]: _, ...rest } = one.properties;
  const { [property]: value } = other.properties;
  return {
    label: `${one.label}, ${other.label}`,
    properties: value === undefined ? rest : { ...rest, [property]: value },
  };
}

/** The properties that the schema describes. It is empty when the schema can't be converted to JSON Schema. */
export function propertiesOf(definition: EventDefinition<unknown>): ReadonlySet<string> {
  return new Set(describedIn(definition).map(([property]) => property));
}

/** Do the properties pass the event's schema? A schema that answers later is not asked. */
export function fitsSchema({ schema }: Pick<EventDefinition<unknown>, 'schema'>, properties: JsonObject): boolean {
  if (schema === null) return true;
  const result = schema['~standard'].validate(properties);
  return result instanceof Promise || result.issues === undefined;
}

interface Change {
  readonly label: string;
  readonly value: Json;
}

/** Other values of a property, or of a property inside it, which is named with a dot. */
function changesOf(path: string, current: Json | undefined, schema: unknown, compared: readonly Json[]): Change[] {
  const values = [...valuesOf(schema, compared), ...listsOf(schema, current, compared)];
  const others = new Map(values.map((value) => [JSON.stringify(value), value]));
  others.delete(JSON.stringify(current));
  return [
    ...[...others.values()].map((value) => ({ label: `${path}: ${jsonLabel(value)}`, value })),
    ...nestedChanges(path, current, schema, compared),
  ];
}

function nestedChanges(path: string, current: Json | undefined, schema: unknown, compared: readonly Json[]): Change[] {
  if (!isObject(schema) || !isObject(schema['properties']) || !isObject(current)) return [];
  return Object.entries(schema['properties']).flatMap(([key, inner]) =>
    changesOf(`${path}.${key}`, current[key], inner, compared).map(({ label, value }) => ({
      label,
      value: { ...current, [key]: value },
    })),
  );
}

function listsOf(schema: unknown, current: Json | undefined, compared: readonly Json[]): Json[] {
  if (!isObject(schema) || schema['type'] !== 'array' || !Array.isArray(current)) return [];
  const items = valuesOf(
    schema['items'],
    compared.filter((value) => typeof value === 'string'),
  );
  const longer = items.filter((value) => !current.includes(value)).map((value) => [...current, value]);
  const [item] = current;
  if (item === undefined) return longer;
  const lengths = numbersAround(compared).filter((length) => length > 0 && length <= MAX_SCALE);
  return [...[0, ...lengths].map((length) => Array.from({ length }, (_, index) => current[index] ?? item)), ...longer];
}

function describedIn(definition: EventDefinition<unknown>): [property: string, values: unknown][] {
  const { properties } = jsonSchemaOf(definition);
  return Object.entries(isObject(properties) ? properties : {});
}

function jsonSchemaOf({ schema }: EventDefinition<unknown>): Record<string, unknown> {
  try {
    return schema?.['~standard'].jsonSchema?.input({ target: 'draft-2020-12' }) ?? {};
  } catch {
    // A schema that JSON Schema can't express has no values to enumerate.
    return {};
  }
}

/** The values of a schema that make a difference, as far as it and the hints tell. */
function valuesOf(schema: unknown, hints: readonly Json[]): readonly Json[] {
  if (!isObject(schema)) return [];
  if ('const' in schema) return [schema['const'] as Json];
  if (Array.isArray(schema['enum'])) return schema['enum'] as Json[];
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(choices)) return choices.flatMap((choice) => valuesOf(choice, hints));
  switch (schema['type']) {
    case 'boolean':
      return [true, false];
    case 'null':
      return [null];
    case 'integer':
    case 'number':
      return numbersOf(schema, hints);
    case 'string':
      // Code may read a number in the text: `Number(answer.properties.value) <= 2`.
      return [...hints.filter((hint) => typeof hint === 'string'), ...numbersAround(hints).map(String)];
    default:
      // A schema that allows anything allows what the code compares with.
      return 'type' in schema ? [] : hints;
  }
}

function numbersOf(schema: Record<string, unknown>, hints: readonly Json[]): number[] {
  const least = bound(schema, 'minimum', 'exclusiveMinimum', 1);
  const most = bound(schema, 'maximum', 'exclusiveMaximum', -1);
  if (schema['type'] === 'integer' && least !== null && most !== null && most - least <= MAX_SCALE)
    return Array.from({ length: most - least + 1 }, (_, index) => least + index);
  return [least ?? 0, ...numbersAround(hints), most ?? LARGE];
}

/** An end of a range; null where there is none. Libraries write the limits of safe integers where the author has set no limit. */
function bound(schema: Record<string, unknown>, inclusive: string, exclusive: string, inwards: number): number | null {
  const { [inclusive]: at, [exclusive]: beyond } = schema;
  const end = typeof at === 'number' ? at : typeof beyond === 'number' ? beyond + inwards : null;
  return end === null || Math.abs(end) > LARGE * LARGE ? null : end;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
