import { parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Json } from '../../engine/model/json';
import { parseLiquid, type LiquidText } from './liquid';
import type { TemplateContext } from '../../engine/definitions/template-use';
import type { Template } from './template';
import { TemplateError } from './template-error';

/**
 * Reads one YAML document.
 * @throws {TemplateError} with the line of each mistake
 */
export function readYaml(source: string): Json {
  const document = parseDocument(source, { stringKeys: true });
  const problems = document.errors.map(({ code, message, linePos }) => {
    // YAML reads `{{` at the beginning of a text as an object.
    if (code === 'NON_STRING_KEY') return `YAML: put quotes around the Liquid at line ${linePos?.[0].line ?? 1}`;
    return `YAML: ${message.split('\n')[0]}`;
  });
  if (problems.length > 0) throw new TemplateError(problems);
  return document.toJS() as Json;
}

/**
 * Checks a value against its schema.
 * @throws {TemplateError} with each invalid field
 */
export function checked<Content>(schema: z.ZodType<Content>, value: unknown): Content {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new TemplateError(
    result.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')),
  );
}

/**
 * Compiles a YAML template with Liquid texts.
 * @param schema schema of the rendered content; a field that renders to nothing is left out
 * @throws {TemplateError} when the source is not valid YAML or a text is not valid Liquid
 */
export function parseYamlTemplate<Content>(source: string, schema: z.ZodType<Content>): Template<Content> {
  const fields: Record<string, LiquidText> = {};
  const render = compile(readYaml(source), '', fields);
  return { fields, render: (context) => checked(schema, render(context)) };
}

type Renderer = (context: TemplateContext) => Json | undefined;

function compile(value: Json, path: string, fields: Record<string, LiquidText>): Renderer {
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
  if (typeof value === 'string') {
    const text = (fields[path] = parseLiquid(path, value, 'text'));
    return (context) => text.render(context).trim() || undefined;
  }
  if (Array.isArray(value)) {
    const items = value.map((item, index) => compile(item, at(String(index)), fields));
    return (context) => items.flatMap((item) => item(context) ?? []);
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [key, compile(item, at(key), fields)] as const);
    return (context) => {
      const rendered: Record<string, Json> = {};
      for (const [key, item] of entries) {
        const result = item(context);
        if (result !== undefined) rendered[key] = result;
      }
      return rendered;
    };
  }
  return () => value;
}
