import type { EventDefinition } from '../authoring/event';
import type { Json, JsonObject } from '../model/json';

/** An example of an event that differs from the catalogue's in one property. */
export interface Variant {
  /** `plan: "pro"`, `plan: none`. */
  readonly label: string;
  readonly properties: JsonObject;
}

/**
 * Examples of an event made from its schema: one for each other value a property may have, where they can be counted (enum,
 * constant, boolean), and one without the property where it may be missing. Each passes the schema. None without a schema
 * that can be had as JSON Schema (https://standardschema.dev/json-schema).
 * @param properties those of interest
 */
export function variantsOf(definition: EventDefinition<unknown>, properties: ReadonlySet<string>): Variant[] {
  if (properties.size === 0) return [];
  const { example } = definition;
  const schema = jsonSchemaOf(definition);
  const described = Object.entries(isObject(schema['properties']) ? schema['properties'] : {});
  return described
    .filter(([property]) => properties.has(property))
    .flatMap(([property, values]): Variant[] => {
      const { [property]: own, ...rest } = example;
      const others = valuesOf(values).filter((value) => JSON.stringify(value) !== JSON.stringify(own));
      const without = own === undefined ? [] : [{ label: `${property}: none`, properties: rest }];
      return [
        ...others.map((value) => ({
          label: `${property}: ${JSON.stringify(value)}`,
          properties: { ...example, [property]: value },
        })),
        ...without,
      ];
    })
    .filter((variant) => passes(definition, variant.properties));
}

function jsonSchemaOf({ schema }: EventDefinition<unknown>): Record<string, unknown> {
  try {
    return schema?.['~standard'].jsonSchema?.input({ target: 'draft-2020-12' }) ?? {};
  } catch {
    // What can't be said in JSON Schema has no values to count.
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

function passes({ schema }: EventDefinition<unknown>, properties: JsonObject): boolean {
  const result = schema?.['~standard'].validate(properties);
  return result !== undefined && !(result instanceof Promise) && result.issues === undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
