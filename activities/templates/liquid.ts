import { Liquid } from 'liquidjs';
import type { TemplateContext } from '../../engine/definitions/template-use';
import { TemplateError } from './template-error';

/** The path of a variable. A nested path stands for a dynamic key. */
export type VariablePath = readonly (string | number | VariablePath)[];

/** A parsed Liquid text. */
export interface LiquidText {
  /** The variables that the text reads from the context, over all branches. Example: `['user', 'traits', 'plan']`. */
  readonly variables: readonly VariablePath[];
  /**
   * Renders the text for one message. A variable without a value renders as nothing, unless `strict`.
   * @throws {TemplateError} when a filter fails, or with `strict` when a variable has no value
   */
  render(context: TemplateContext, strict?: 'strict'): string;
}

// The empty set of partials keeps `render` and `include` away from the file system. Dates are in UTC unless a zone is given.
const OPTIONS = { strictFilters: true, lenientIf: true, templates: {}, timezoneOffset: 0 } as const;
const ENGINES = { html: new Liquid({ ...OPTIONS, outputEscape: 'escape' }), text: new Liquid(OPTIONS) } as const;

/**
 * Parses a Liquid text.
 * @param field name of the text in errors
 * @param format `html` escapes the values of variables, `text` does not
 * @throws {TemplateError} when the text is not valid Liquid
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
