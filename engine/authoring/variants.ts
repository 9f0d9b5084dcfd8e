import type { EventDefinition } from './event';
import type { Json, JsonObject } from '../model/json';

/** An example of an event that differs from the catalogue's example in one property. */
export interface Variant {
  /** The difference, such as `plan: "pro"`, or `plan: none` for a missing property. */
  readonly label: string;
  readonly properties: JsonObject;
}

/**
 * Makes further examples of an event from its schema. There is one for each other value of a property, where the values
 * can be enumerated (enum, constant, boolean), and one without the property, where it is optional. Each example passes
 * the schema.
 * @param properties the properties to vary
 * @returns an empty list when the schema cannot be converted to JSON Schema (https://standardschema.dev/json-schema)
 */
export function variantsOf(definition: EventDefinition<unknown>, properties: ReadonlySet<string>): Variant[] {
  if (properties.size === 0) return [];
  const { example } = definition;
  return describedIn(definition)
    .filter(([property]) => properties.has(property))
    .flatMap(([property, values]): Variant[] => {
      const { [property]: current, ...rest } = example;
      const others = valuesOf(values).filter((value) => JSON.stringify(value) !== JSON.stringify(current));
      const without = current === undefined ? [] : [{ label: `${property}: none`, properties: rest }];
      return [
        ...others.map((value) => ({
          label: `${property}: ${JSON.stringify(value)}`,
          properties: { ...example, [property]: value },
        })),
        ...without,
      ];
    })
    .filter((variant) => fitsSchema(definition, variant.properties));
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

function valuesOf(schema: unknown): Json[] {
  if (!isObject(schema)) return [];
  if ('const' in schema) return [schema['const'] as Json];
  if (Array.isArray(schema['enum'])) return schema['enum'] as Json[];
  if (schema['type'] === 'boolean') return [true, false];
  return Array.isArray(schema['anyOf']) ? schema['anyOf'].flatMap(valuesOf) : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
