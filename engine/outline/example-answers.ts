import type { Outline } from '../definitions/definitions';
import type { Json } from '../model/json';
import { stepType } from '../replay/steps';

/**
 * The answers that a template is checked with: those of the path, and null for every other step of the journey that has answers. A
 * template may ask whether there is one.
 */
export function exampleAnswers(
  { steps }: Pick<Outline, 'steps'>,
  passed: Readonly<Record<string, Json>>,
): Readonly<Record<string, Json>> {
  const known = steps.filter(({ kind }) => stepType(kind).tells !== undefined).map(({ step }) => [step, null] as const);
  return { ...Object.fromEntries(known), ...passed };
}
