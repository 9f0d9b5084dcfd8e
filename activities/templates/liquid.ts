import { Context, LiquidError, type Template } from 'liquidjs';
import type { TemplateContext } from '../../engine/definitions/template-use';
import { LIMITS } from './limits';
import { ENGINES, READER, type Allowance, type Format } from './liquid-engine';
import { whereIs, type Passage } from './passage';
import { TemplateError } from './template-error';

/** The path of a variable. A nested path stands for a dynamic key. */
export type VariablePath = readonly (string | number | VariablePath)[];

/** A variable that a text reads from the context. Example of a path: `['user', 'traits', 'plan']`. */
export interface UsedVariable {
  readonly path: VariablePath;
  /** The file and line where the variable is used first. */
  readonly where: string;
}

/** A parsed Liquid text. */
export interface LiquidText {
  /** The variables that the text reads from the context, over all branches. */
  readonly variables: readonly UsedVariable[];
  /**
   * Renders the text for one message. A variable without a value renders as nothing, unless `strict`.
   * @throws {TemplateError} when a filter fails, a limit is exceeded, or with `strict` when a variable has no value
   */
  render(context: TemplateContext, allowance: Allowance, strict?: 'strict'): string;
}

/** A Liquid text in a template. */
export interface LiquidSource {
  /** Name of the text in errors. */
  readonly field: string;
  readonly text: string;
  readonly format: Format;
  /** The parts of the template's files that the text was made of. */
  readonly passages: readonly [Passage, ...Passage[]];
}

/**
 * Parses a Liquid text.
 * @throws {TemplateError} when the text is not valid Liquid or too long, with file and line
 */
export function parseLiquid(source: LiquidSource): LiquidText {
  const { text, format } = source;
  const liquid = ENGINES[format];
  const parsed = explained(source, () => liquid.parse(text));
  return {
    variables: explained(source, () => variablesOf(source, parsed)),
    render: (context, { memoryLimit, renderLimit }, strict) =>
      explained(source, () => {
        const { options } = liquid;
        // Partials see the globals, and nothing can write to them.
        const asked = { sync: true, strictVariables: strict !== undefined, globals: context };
        const scope = new Context({}, options, asked, { memoryLimit, renderLimit, liquid });
        const result = String(liquid.renderSync(parsed, scope));
        memoryLimit.use(result.length);
        return result;
      }),
  };
}

function variablesOf({ text, passages, format }: LiquidSource, parsed: Template[]): UsedVariable[] {
  const { globals } = ENGINES[format].analyzeSync(parsed);
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const found = new Map<string, UsedVariable>();
  for (const variable of Object.values(globals).flat()) {
    const { row, col } = variable.location;
    const path = variable.toArray();
    const key = JSON.stringify(path);
    if (found.has(key)) continue;
    const offset = (lineStarts[row - 1] ?? 0) + col - 1;
    found.set(key, { path, where: placeIn(passages, text, offset) });
  }
  return [...found.values()];
}

/** Where a partial begins, with its name, or ends. */
const RENDER = /\{%\s*(?:render\s+["']([^"']+)["']|endrender)/g;

/** The file and line of what stands at an offset. If that is in a partial, the partial's file is looked at first. */
function placeIn(passages: LiquidSource['passages'], text: string, offset: number): string {
  const open: string[] = [];
  for (const { 1: name } of text.slice(0, offset).matchAll(RENDER)) {
    if (name === undefined) open.pop();
    else open.push(name);
  }
  const partial = open.at(-1);
  const own = passages.find((passage) => partial !== undefined && passage.at().includes(`/${partial}.liquid:`));
  return whereIs(own ? [own, ...passages] : passages, tagAround(text, offset));
}

/** The Liquid tag or output in which an offset stands, as it is written. */
function tagAround(text: string, offset: number): string {
  const begin = Math.max(text.lastIndexOf('{{', offset + 1), text.lastIndexOf('{%', offset + 1), 0);
  const end = /[%}]\}/g;
  end.lastIndex = offset;
  return text.slice(begin, end.exec(text) ? end.lastIndex : undefined);
}

/** What LiquidJS says when a limit is exceeded, in words for the template's author. */
const EXCEEDED: Readonly<Record<string, string>> = {
  'parse length limit exceeded': `is longer than ${LIMITS.parseLimit} characters`,
  'template render limit exceeded': `takes longer than ${LIMITS.renderLimit} ms to render: a loop has too many rounds`,
  'memory alloc limit exceeded': `makes more than ${LIMITS.memoryLimit} characters and list items: a loop, a list or a text is too long`,
};

function explained<Result>(source: LiquidSource, work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    const { where, error } = LiquidError.is(thrown)
      ? inItsFile(source, thrown)
      : { where: source.passages[0].at(), error: thrown };
    const said = withAdvice((LiquidError.is(error) && error.originalError?.message) || messageOf(error), error);
    throw new TemplateError([`${where}: ${source.field}: ${EXCEEDED[said] ?? said}`]);
  }
}

/** What is said of a step's answer that is missing also says what to write. */
function withAdvice(said: string, error: unknown): string {
  const { variableName } = ((LiquidError.is(error) && error.originalError) || {}) as { variableName?: unknown };
  if (typeof variableName !== 'string' || !/^steps\b/.test(variableName)) return said;
  return `${said}: on a path, the step has no answer; ask for it first, with {% if %}, or give a default`;
}

/** An error with its file and line. An error of parsing is looked for in the files themselves: there it stands at its own place. */
function inItsFile(
  { passages }: LiquidSource,
  error: LiquidError,
): { readonly where: string; readonly error: LiquidError } {
  if (error.name !== 'RenderError' && error.name !== 'UndefinedVariableError') {
    for (const passage of passages) {
      const own = parseError(passage.text);
      if (own) return { where: passage.at(own.token.begin), error: own };
    }
  }
  const { input, begin } = error.token;
  return { where: placeIn(passages, input, begin), error };
}

function parseError(text: string): LiquidError | null {
  try {
    READER.parse(text);
    return null;
  } catch (error) {
    return LiquidError.is(error) ? error : null;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
