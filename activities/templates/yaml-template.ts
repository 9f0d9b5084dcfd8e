import type { TemplateContext } from '../../engine/definitions/template-use';
import type { Json } from '../../engine/model/json';
import { checked, type FieldsSchema } from './checked';
import { withPartials } from './compose';
import { rendering } from './limits';
import { parseLiquid, type LiquidText } from './liquid';
import { fullAllowance, type Allowance } from './liquid-engine';
import { textRead } from './parts';
import type { Template, TemplateFile } from './template';
import { readYaml, type YamlValues } from './yaml';

/**
 * Compiles a YAML template with Liquid texts.
 * @param schema schema of the rendered content; a field that renders to nothing is left out
 * @param flaws finds flaws of content that is valid; one sentence each
 * @throws {TemplateError} when the source is not valid YAML or a text is not valid Liquid, with file and line
 */
export function parseYamlTemplate<Content>(
  file: TemplateFile,
  schema: FieldsSchema<Content>,
  flaws: (content: Content) => string[] = () => [],
): Template<Content> {
  const { source } = file;
  const fields: Record<string, LiquidText> = {};
  const yaml = readYaml(source);
  const render = compile(yaml.value, '', { fields, file, yaml });
  return {
    fields,
    written: { value: yaml.value, at: (path) => (yaml.passage(path) ?? source).at() },
    render: (context) =>
      checked(
        schema,
        rendering(() => render(context, fullAllowance())),
        { source, yaml },
      ),
    flaws: (content) => flaws(content).map((flaw) => `${source.at()}: ${flaw}`),
  };
}

type Renderer = (context: TemplateContext, allowance: Allowance) => Json | undefined;

/** What is known of a template while it is compiled. */
interface Compilation {
  readonly fields: Record<string, LiquidText>;
  readonly file: TemplateFile;
  readonly yaml: YamlValues;
}

function compile(value: Json, path: string, compilation: Compilation): Renderer {
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
  if (typeof value === 'string') {
    const { fields, file, yaml } = compilation;
    const passage = yaml.passage(path) ?? file.source;
    const { composed, parts } = withPartials(textRead(file.path, passage, value), file.parts);
    const passages = [passage, ...parts] as const;
    const text = (fields[path] = parseLiquid({ field: path, text: composed.text, format: 'text', passages }));
    return (context, allowance) => text.render(context, allowance).trim() || undefined;
  }
  if (Array.isArray(value)) {
    const items = value.map((item, index) => compile(item, at(String(index)), compilation));
    return (context, allowance) => items.flatMap((item) => item(context, allowance) ?? []);
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [key, compile(item, at(key), compilation)] as const);
    return (context, allowance) => {
      const rendered: Record<string, Json> = {};
      for (const [key, item] of entries) {
        const result = item(context, allowance);
        if (result !== undefined) rendered[key] = result;
      }
      return rendered;
    };
  }
  return () => value;
}
