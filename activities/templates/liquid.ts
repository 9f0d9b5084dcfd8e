import { Liquid } from 'liquidjs';
import type { TemplateContext } from '../../engine/definitions/template-use';
import { TemplateError } from './template';

/** The path of a variable; a path within the path stands for a dynamic key. */
export type VariablePath = readonly (string | number | VariablePath)[];

/** A text with Liquid in it, parsed once. */
export interface LiquidText {
  /** The variables it expects of the context, over all branches: `['user', 'traits', 'plan']`. */
  readonly variables: readonly VariablePath[];
  /**
   * The text for one message; a variable without a value renders as nothing, unless `strict`.
   * @throws {TemplateError} when a filter fails, or with `strict` when a variable has no value
   */
  render(context: TemplateContext, strict?: 'strict'): string;
}

// An empty set of partials keeps `render` and `include` away from the file system; dates are in UTC unless a zone is given.
const OPTIONS = { strictFilters: true, lenientIf: true, templates: {}, timezoneOffset: 0 } as const;
const ENGINES = { html: new Liquid({ ...OPTIONS, outputEscape: 'escape' }), text: new Liquid(OPTIONS) } as const;

/**
 * Parses a text with Liquid in it.
 * @param field what errors call it
 * @param format `html` escapes what variables put in, `text` does not
 * @throws {TemplateError} when it is not Liquid
 */
export function parseLiquid(field: string, source: string, format: keyof typeof ENGINES): LiquidText {
  const engine = ENGINES[format];
  return explained(field, () => {
    const parsed = engine.parse(source);
    return {
      variables: engine.globalVariableSegmentsSync(parsed),
      render: (context, strict) =>
        explained(field, () => String(engine.renderSync(parsed, context, { strictVariables: strict !== undefined }))),
    };
  });
}

function explained<Result>(field: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new TemplateError([`${field}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
