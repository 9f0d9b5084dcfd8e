import { z } from 'zod';
import type { Passage } from './passage';
import { TemplateError } from './template-error';
import type { YamlValues } from './yaml';

type Issue = z.core.$ZodIssue;

/** Where the fields of a template stand. */
export interface Fields {
  /** The part of the file that has the fields. */
  readonly source: Passage;
  readonly yaml: YamlValues;
}

type FieldsOfAll = z.ZodObject<z.ZodRawShape, z.core.$strict>;
type FieldsByKind = z.ZodDiscriminatedUnion<readonly FieldsOfAll[], 'kind'>;

/** The schema of a template's fields: one for all templates, or one for each kind. */
export type FieldsSchema<Content> = (FieldsOfAll | FieldsByKind) & z.ZodType<Content>;

/**
 * Checks the fields of a template against their schema.
 * @param value the fields: what the template says, or what it rendered to
 * @throws {TemplateError} with file and line of each invalid field, and what to write
 */
export function checked<Content>(schema: FieldsSchema<Content>, value: unknown, fields: Fields): Content {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const known = knownFields(schema, value);
  throw new TemplateError(
    result.error.issues.flatMap((issue) => {
      const path = issue.path.join('.');
      if (issue.code === 'unrecognized_keys') return unknownFields(issue, known, fields);
      return `${placeOf(path, fields)}: ${mistakeOf(issue, path, value, known, fields)}`;
    }),
  );
}

/** The fields that a template may have; of an unknown kind, those of the first one. */
function knownFields(schema: FieldsOfAll | FieldsByKind, value: unknown): string[] {
  if (!('options' in schema)) return Object.keys(schema.shape);
  const kind = valueAt(value, ['kind']);
  const ofKind = schema.options.find(({ shape }) => z.safeParse(shape['kind'] as z.ZodType, kind).success);
  return Object.keys((ofKind ?? schema.options[0])?.shape ?? {});
}

function unknownFields({ path, keys }: Issue & { readonly keys: string[] }, known: string[], fields: Fields): string[] {
  const among = path.length === 0 ? `; there are ${known.join(', ')}` : '';
  return keys.map((key) => `${placeOf([...path, key].join('.'), fields)}: unknown field '${key}'${among}`);
}

function mistakeOf(issue: Issue, path: string, value: unknown, known: string[], { yaml }: Fields): string {
  if (path === '') return `must be fields, such as ${known[0] ?? 'title'}: Hello`;
  if (issue.code !== 'invalid_type' || issue.expected !== 'string') return `${path}: ${issue.message}`;
  if (valueAt(value, issue.path) !== undefined) return `${path}: must be a text; put it in quotes`;
  return yaml.passage(path) ? `${path}: renders to nothing` : `${path} is missing; add a line such as ${path}: Hello`;
}

/** Where a field stands; of one that is missing, where the field around it does. */
function placeOf(path: string, fields: Fields): string {
  const place = path === '' ? fields.source : fields.yaml.passage(path);
  return place?.at() ?? placeOf(path.slice(0, Math.max(0, path.lastIndexOf('.'))), fields);
}

function valueAt(value: unknown, path: Issue['path']): unknown {
  return path.reduce((within, key) => (within as Record<PropertyKey, unknown> | undefined)?.[key], value);
}
