import { z } from 'zod';

/** The long patterns of formats as answers have them. Their names say as much to a reader. */
const PATTERNS = [z.uuid(), z.iso.datetime()].map((schema) => z.toJSONSchema(schema).pattern);

/** Converts a schema to JSON Schema 2020-12, the dialect of OpenAPI 3.1, without repeating `$schema`. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): z.core.JSONSchema.BaseSchema {
  const described = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (io === 'output' && PATTERNS.includes(jsonSchema.pattern)) delete jsonSchema.pattern;
    },
  });
  delete described.$schema;
  return described;
}
