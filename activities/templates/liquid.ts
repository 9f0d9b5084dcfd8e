import { CaptureTag, Context, Liquid, LiquidError, filters, type FilterImplOptions, type Template } from 'liquidjs';
import type { TemplateContext } from '../../engine/definitions/template-use';
import { LIMITS } from './limits';
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

/** What is left of the limits for one message. */
export type Allowance = Pick<Context, 'memoryLimit' | 'renderLimit'>;

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
  /** `html` escapes the values of variables, `text` does not. */
  readonly format: 'html' | 'text';
  /** The parts of the template's files that the text was made of. */
  readonly passages: readonly [Passage, ...Passage[]];
}

type FilterHandler = Extract<FilterImplOptions, (...args: never[]) => unknown>;

/** A filter that looks at each item of a list takes as long for one item as for this many characters. */
const ITEM_COST = 20;
/** These filters look at each item of a list. Between two items LiquidJS does not ask whether the time is up. */
const FILTERS_OF_ITEMS = [
  ...['where', 'where_exp', 'reject', 'reject_exp', 'group_by', 'group_by_exp', 'map', 'sum', 'sort', 'sort_natural'],
  ...['has', 'has_exp', 'find', 'find_exp', 'find_index', 'find_index_exp', 'uniq', 'sample'],
] as const;

/** `capture`, with the text that it keeps counted. LiquidJS counts what filters make. */
class CountedCapture extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    yield* super.render(context);
    context.memoryLimit.use(String(context.bottom()[this.variable]).length);
  }
}

function engine(format: LiquidSource['format']): Liquid {
  const liquid = new Liquid({
    strictFilters: true,
    lenientIf: true,
    // The empty set of partials keeps `render` and `include` away from the file system.
    templates: {},
    // Dates are in UTC unless a zone is given.
    timezoneOffset: 0,
    ...LIMITS,
    ...(format === 'html' && { outputEscape: 'escape' as const }),
  });
  liquid.registerTag('capture', CountedCapture);
  for (const name of FILTERS_OF_ITEMS) {
    const filter = filters[name] as FilterHandler;
    liquid.registerFilter(name, function (list: unknown, ...args: unknown[]): unknown {
      if (Array.isArray(list)) this.context.memoryLimit.use(list.length * ITEM_COST);
      return filter.call(this, list, ...args) as unknown;
    });
  }
  return liquid;
}

const ENGINES = { html: engine('html'), text: engine('text') } as const;

/** The full limits, for the texts of one message. The time begins to run. */
export function fullAllowance(): Allowance {
  return new Context({}, ENGINES.text.options);
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
        const asked = { sync: true, strictVariables: strict !== undefined };
        const scope = new Context(context, options, asked, { memoryLimit, renderLimit, liquid });
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
    found.set(key, { path, where: whereIs(passages, tagAround(text, offset)) });
  }
  return [...found.values()];
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
  } catch (error) {
    const said = withAdvice((LiquidError.is(error) && error.originalError?.message) || messageOf(error), error);
    throw new TemplateError([`${placeOf(source, error)}: ${source.field}: ${EXCEEDED[said] ?? said}`]);
  }
}

/** What is said of a step's answer that is missing also says what to write. */
function withAdvice(said: string, error: unknown): string {
  const { variableName } = ((LiquidError.is(error) && error.originalError) || {}) as { variableName?: unknown };
  if (typeof variableName !== 'string' || !/^steps\b/.test(variableName)) return said;
  return `${said}: on a path, the step has no answer; ask for it first, with {% if %}, or give a default`;
}

/** The file and line of an error. An error of parsing is looked for in the files themselves: there it stands at its own place. */
function placeOf({ passages, format }: LiquidSource, error: unknown): string {
  if (!LiquidError.is(error)) return passages[0].at();
  if (error.name !== 'RenderError' && error.name !== 'UndefinedVariableError') {
    for (const passage of passages) {
      const own = parseError(format, passage.text);
      if (own) return passage.at(own.token.begin);
    }
  }
  const { input, begin } = error.token;
  return whereIs(passages, tagAround(input, begin));
}

function parseError(format: LiquidSource['format'], text: string): LiquidError | null {
  try {
    ENGINES[format].parse(text);
    return null;
  } catch (error) {
    return LiquidError.is(error) ? error : null;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
