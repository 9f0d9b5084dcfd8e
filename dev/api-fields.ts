import { isCallType } from '../api/segment/schema';

/** The parts of JSON Schema that the schemas of the API use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly format?: string;
  readonly default?: unknown;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
}

/** How the page names the formats of texts. */
const FORMATS: Readonly<Record<string, string>> = { uuid: 'UUID', 'date-time': 'time' };

/** Where a schema is described that the page does not repeat. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  JourneyDefinition: '[journey as data](definitions.md)',
};

/** Names of schemas that `definitions.md` describes. */
export const DESCRIBED_ELSEWHERE = /^(JourneyDefinition|JourneyStep|EventFilter|Condition|Question|__schema\d+)$/;

/**
 * A table of the fields of a schema: name, type with its limits, and meaning. Empty where a schema has no fields of its own.
 * @param io whether fields may be left out of a request, or be missing in an answer
 */
export function fieldTable(schema: Schema, io: 'request' | 'answer'): string {
  const rows = fieldRows(schema, '', io);
  if (rows.length === 0) return '';
  const head = io === 'request' ? '| field | type | meaning |' : '| member | type | meaning |';
  return [head, '| --- | --- | --- |', ...rows].join('\n');
}

/** The rows of a table for the properties of a schema, and for those of objects within it. */
export function fieldRows(schema: Schema, prefix: string, io: 'request' | 'answer'): string[] {
  return alternatives(schema).flatMap((one) => [
    ...Object.entries(one.properties ?? {}).flatMap(([name, field]) => {
      const required = one.required?.includes(name) ?? false;
      const presence = io === 'request' ? (required ? ', required' : '') : required ? '' : ', may be missing';
      const path = prefix + name;
      return [row(`\`${path}\``, typeText(field) + presence, meaning(field)), ...nestedRows(field, path, io)];
    }),
    ...(one.items && prefix === '' ? fieldRows(one.items, '[].', io) : []),
  ]);
}

/** A row of a table. */
export function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

/** What a schema takes, in words. */
export function typeText(schema: Schema): string {
  const choices = alternatives(schema).map(oneType);
  const nullable = choices.includes('null');
  const texts = [...new Set(choices.filter((text) => text !== 'null'))];
  return [...texts, ...(nullable ? ['null'] : [])].join(' or ');
}

/** What a field means, and its default. */
export function meaning(schema: Schema): string {
  const description = descriptionOf(schema) ?? '';
  if (schema.default === undefined || JSON.stringify(schema.default) === '{}') return description;
  return [description, `Default \`${JSON.stringify(schema.default).replaceAll('"', '')}\``].filter(Boolean).join('. ');
}

function descriptionOf({ description, anyOf = [] }: Schema): string | undefined {
  return description ?? anyOf.map(descriptionOf).find((one) => one !== undefined);
}

function nestedRows(field: Schema, path: string, io: 'request' | 'answer'): string[] {
  return alternatives(field).flatMap((one) => {
    if (isCall(one)) return [];
    if (one.properties) return fieldRows(one, `${path}.`, io);
    if (one.items) return nestedRows(one.items, `${path}[]`, io);
    if (typeof one.additionalProperties === 'object') return nestedRows(one.additionalProperties, `${path}.*`, io);
    return [];
  });
}

/** The schemas of which a value fits one. An empty list, which Segment's clients in PHP send for an object, is left out. */
function alternatives(schema: Schema): Schema[] {
  const { anyOf, oneOf, type } = schema;
  const choices = anyOf ?? oneOf;
  if (choices) return choices.flatMap(alternatives).filter(({ maxItems }) => maxItems !== 0);
  return Array.isArray(type) ? type.map((one: string) => ({ ...schema, type: one })) : [schema];
}

function oneType(schema: Schema): string {
  const { $ref, type, const: constant, enum: values, items, format, additionalProperties, properties } = schema;
  if ($ref !== undefined) return referenceTo($ref);
  if (isCall(schema)) return `[${String(properties?.['type']?.const)}](#post-v1${String(properties?.['type']?.const)})`;
  if (constant !== undefined) return code(constant);
  if (values) return values.map(code).join(', ');
  switch (type) {
    case 'string':
      return (
        (format !== undefined && FORMATS[format]) || `text${range(schema.minLength, schema.maxLength, ' characters')}`
      );
    case 'array':
      return `list of ${items ? typeText(items) : 'anything'}${range(schema.minItems, schema.maxItems, '')}`;
    case 'object':
      return !properties && typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0
        ? `object of ${typeText(additionalProperties)}`
        : 'object';
    case 'integer':
    case 'number':
      return `${type}${range(known(schema.minimum), known(schema.maximum), '')}`;
    default:
      if (typeof type === 'string') return type;
      return schema.examples ? `time, such as ${code(schema.examples[0])}` : 'anything';
  }
}

/** Whether a schema is one of Segment's calls, with its type. Each has an operation of its own. */
function isCall({ properties }: Schema): boolean {
  return isCallType(properties?.['type']?.const);
}

/** A link to the section of a schema. */
export function referenceTo(reference: string): string {
  const name = reference.replace(/^.*\//, '');
  return ELSEWHERE[name] ?? `[${name}](#${name.toLowerCase()})`;
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

/** The bounds of safe integers say nothing. */
function known(bound: number | undefined): number | undefined {
  return bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined;
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  if (most === undefined) return least === undefined || least === 0 ? '' : `, at least ${least}${unit}`;
  return least === undefined || least === 0 ? `, at most ${most}${unit}` : `, ${least} to ${most}${unit}`;
}
