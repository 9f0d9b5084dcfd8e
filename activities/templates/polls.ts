import type { Json, JsonObject } from '../../engine/model/json';
import { getOwn } from '../../engine/model/own-property';
import type { Template, Written } from './template';
import { TemplateError } from './template-error';

/** A poll as a template writes it. */
interface WrittenPoll {
  readonly values: readonly string[];
  readonly where: string;
}

/**
 * Finds templates that have a poll of the same name as an earlier one, and other options: their votes are counted together.
 * Names and options are compared as they are written, before anything is rendered.
 * @param templates by their path
 * @returns what is wrong, by the path of the later template
 */
export function differingPolls(
  templates: ReadonlyMap<string, Template<unknown> | TemplateError>,
): ReadonlyMap<string, TemplateError> {
  const polls = new Map<string, WrittenPoll>();
  const errors = new Map<string, TemplateError>();
  for (const [path, template] of [...templates].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (template instanceof TemplateError || !template.written) continue;
    const found = pollIn(template.written);
    if (!found) continue;
    const first = polls.get(found.name) ?? found;
    polls.set(found.name, first);
    if (isSameSet(first.values, found.values)) continue;
    const expected = `the options ${first.values.join(', ')}, as in ${first.where}`;
    errors.set(path, new TemplateError([`${found.where}: options: the poll '${found.name}' must have ${expected}`]));
  }
  return errors;
}

function isSameSet(values: readonly string[], others: readonly string[]): boolean {
  return JSON.stringify(values.toSorted()) === JSON.stringify(others.toSorted());
}

function pollIn({ value, at }: Written): (WrittenPoll & { readonly name: string }) | null {
  const poll = getOwn(asObject(value), 'poll');
  const options = getOwn(asObject(value), 'options');
  if (typeof poll !== 'string' || !Array.isArray(options)) return null;
  return { name: poll, values: options.map(valueOf), where: at('options') };
}

function valueOf(option: Json): string {
  const value = getOwn(asObject(option), 'value') ?? '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function asObject(value: Json): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
