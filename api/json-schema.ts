import { z } from 'zod';

/** Converts a schema to JSON Schema 2020-12, the dialect of OpenAPI 3.1, without repeating `$schema`. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): z.core.JSONSchema.BaseSchema {
  const described = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  delete described.$schema;
  return described;
}
