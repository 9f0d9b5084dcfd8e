import type { TemplateContext, TemplateUse } from '../../engine/definitions/template-use';
import type { Json } from '../../engine/model/json';
import { getOwn } from '../../engine/model/own-property';
import { stepsRead } from './answers-read';
import { rendering } from './limits';
import type { VariablePath } from './liquid';
import { fullAllowance } from './liquid-engine';
import type { Templates } from './load';
import type { Template } from './template';
import { TemplateError } from './template-error';

/**
 * Checks a template where a journey uses it, in every language that it has. Problems are a missing template, one that can't be compiled, variables that the example
 * lacks, in any branch, and invalid content or a flaw of the content when rendered with the example.
 * @returns one sentence for each problem
 */
export function checkTemplate(templates: Templates, use: TemplateUse): string[] {
  const { journey, channel, name } = use;
  const languages = [null, ...templates.languagesOf(journey, channel, name)];
  return [...new Set(languages.flatMap((language) => checkVariant(templates, use, language)))];
}

/**
 * Checks a template in one language in the same way.
 * @param language a language tag; null for the template itself
 */
export function checkVariant(templates: Templates, use: TemplateUse, language: string | null): string[] {
  const { journey, step, channel, name, context } = use;
  const about = (problem: string): string => `${journey}, step '${step}': ${channel} template '${name}': ${problem}`;
  try {
    const template = templates.get(journey, channel, name, language);
    const unknown = Object.entries(template.fields).flatMap(([field, { variables }]) =>
      variables
        .filter(({ path }) => !exists(context, path) && !maybeAnswered(context, path))
        .map(({ path, where }) => `${where}: unknown variable ${written(path)} in ${field}`),
    );
    if (unknown.length > 0) return unknown.map(about);
    // Static analysis can't follow loop variables. Strict rendering of the example finds them.
    rendering(() => {
      const allowance = fullAllowance();
      const passed = { ...context, steps: answersRead(context, template) };
      for (const text of Object.values(template.fields)) text.render(passed, allowance, 'strict');
    });
    return template.flaws(template.render(context)).map(about);
  } catch (error) {
    if (error instanceof TemplateError) return error.problems.map(about);
    throw error;
  }
}

/** True when the example has such a path. The first item stands for a whole list; anything after a dynamic key is accepted. */
function exists(value: unknown, [segment, ...rest]: VariablePath): boolean {
  if (segment === undefined || Array.isArray(segment)) return true;
  if (Array.isArray(value)) {
    if (segment === 'size') return rest.length === 0;
    return typeof segment === 'number' || segment === 'first' || segment === 'last' ? exists(value[0], rest) : false;
  }
  if (typeof value === 'string') return segment === 'size' && rest.length === 0;
  if (typeof value !== 'object' || value === null) return false;
  const item = getOwn(value as Readonly<Record<string, unknown>>, String(segment));
  return item !== undefined && exists(item, rest);
}

/** True when the step that is asked has no answer in the example, but may have one on another path. */
function maybeAnswered({ steps }: TemplateContext, [root, step]: VariablePath): boolean {
  return root === 'steps' && typeof step === 'string' && getOwn(steps, step) === null;
}

/**
 * The answers that a template may read, without those that are missing in the example: strict rendering finds what relies on them.
 * No other answer is looked at, since `explore` notes which ones are read.
 */
function answersRead(
  { steps }: TemplateContext,
  template: Pick<Template<unknown>, 'fields'>,
): TemplateContext['steps'] {
  const read = stepsRead(template);
  const answers = (read === true ? Object.keys(steps) : read).map((name) => [name, getOwn(steps, name)] as const);
  return Object.fromEntries(answers.filter((entry): entry is [string, Json] => entry[1] != null));
}

function written(path: VariablePath): string {
  return path.map((segment) => (Array.isArray(segment) ? `[${written(segment)}]` : String(segment))).join('.');
}
