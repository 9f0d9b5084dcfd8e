import { isMap, isScalar, isSeq, parseDocument, type Node } from 'yaml';
import type { Json } from '../../engine/model/json';
import type { Passage } from './passage';
import { TemplateError } from './template-error';
import { explainedYaml } from './yaml-errors';
import { lossesOf } from './yaml-losses';

/** What a YAML document says, and where. */
export interface YamlValues {
  /** Every single value is a text, as it is written: `2024`, `yes` and `1.10` too. */
  readonly value: Json;
  /** The part of the file that holds the value at a path, such as `choices.0.label`; null when there is none. */
  passage(path: string): Passage | null;
}

/**
 * Reads one YAML document.
 * @throws {TemplateError} with file and line of each mistake, and what to write instead
 */
export function readYaml(source: Passage): YamlValues {
  const document = parseDocument(source.text, { schema: 'failsafe', stringKeys: true, logLevel: 'silent' });
  const mistakes = [
    ...document.errors.map((error) => explainedYaml(source, document, error)),
    ...lossesOf(source, document),
  ];
  // One mistake can have several errors. The first is the cause.
  const lines = new Map(mistakes.map(({ where, text }) => [where, `${where}: ${text}`] as const).reverse());
  if (lines.size > 0) throw new TemplateError([...lines.values()].reverse());
  const places = new Map<string, Passage>();
  collect(document.contents, '', places, source);
  return { value: document.toJS() as Json, passage: (path) => places.get(path) ?? null };
}

function collect(node: unknown, path: string, places: Map<string, Passage>, source: Passage): void {
  const below = (key: string): string => (path === '' ? key : `${path}.${key}`);
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const name = below(String(key.value));
      const end = (value as Node | null)?.range?.[1] ?? key.range?.[1];
      places.set(name, source.part(key.range?.[0] ?? 0, end));
      collect(value, name, places, source);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const [begin = 0, end] = (item as Node | null)?.range ?? [];
      places.set(below(String(index)), source.part(begin, end));
      collect(item, below(String(index)), places, source);
    }
  }
}
