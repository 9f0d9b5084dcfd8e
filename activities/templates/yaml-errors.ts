import { isScalar, visit, type Document, type YAMLError } from 'yaml';
import type { Passage } from './passage';

/** A mistake in a template. */
export interface Mistake {
  /** File and line. */
  readonly where: string;
  /** What is wrong, and what to write instead. */
  readonly text: string;
}

/** A line such as `  - title: Your order`: what stands before the value, and the value. */
const FIELD = /^(\s*(?:- +)?([\w-]+): +)(\S.*)$/;

/** Says what to write in place of something that is not valid YAML. Most often it is a text that needs quotes. */
export function explainedYaml(source: Passage, document: Document, { code, message, pos: [at] }: YAMLError): Mistake {
  const open = code === 'MISSING_CHAR' ? openQuote(document, at) : null;
  const offset = open ?? at;
  return { where: source.at(offset), text: adviceFor(code, source.line(offset), message, open !== null) };
}

function adviceFor(code: string, line: string, message: string, unclosed: boolean): string {
  const [, , name = '', value = ''] = FIELD.exec(line) ?? [];
  if (code === 'TAB_AS_INDENT') return 'a tab begins the line; write spaces';
  if (code === 'DUPLICATE_KEY') return `'${line.split(':')[0]?.trim() ?? ''}' is there twice; keep one of them`;
  if (code === 'MULTIPLE_DOCS') return 'a line of --- begins a second document; remove it';
  if (unclosed) return `the quote that begins the text is not closed: ${inQuotes(line)}`;
  if (/^["']/.test(value)) return `the text goes on after its closing quote: ${inQuotes(line)}`;
  if (value !== '') return `the text of '${name}' needs quotes: ${inQuotes(line)}`;
  if (!/:(?:\s|$)/.test(line)) return 'write a name, a colon, a space and a text, as in: title: Hello';
  // The library adds the line, which is not that of the file.
  return `not valid YAML: ${(message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')}`;
}

/** A line with its value in quotes. */
export function inQuotes(line: string): string {
  const [, before = '', , value = line] = FIELD.exec(line) ?? [];
  const [quote = ''] = /^["']/.exec(value) ?? [];
  const text = quote === '' ? value : value.slice(1, value.length > 1 && value.endsWith(quote) ? -1 : undefined);
  return before.trimStart() + (text.includes("'") ? JSON.stringify(text) : `'${text}'`);
}

/** The offset of the quote that is still open at an offset; null when there is none. */
function openQuote(document: Document, offset: number): number | null {
  let open: number | null = null;
  visit(document, (_, node) => {
    if (
      isScalar(node) &&
      node.type?.startsWith('QUOTE') &&
      node.range &&
      node.range[0] < offset &&
      offset <= node.range[2]
    )
      open = node.range[0];
  });
  return open;
}
