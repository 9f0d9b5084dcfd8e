import type { z } from 'zod';
import type { Mistake } from '../authoring/json-fields';

type Issue = z.core.$ZodIssue;

/**
 * The mistakes that the schema found. Where a value may have several forms, these are the mistakes of the form that it comes closest
 * to. If it is close to none, or to several, the mistake is that it has none of them.
 */
export function fieldMistakes({ issues }: z.ZodError): Mistake[] {
  return issues.flatMap(resolved);
}

function resolved(issue: Issue): Mistake[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ path, message: issue.message }];
  const closest = closestOf(issue.errors);
  if (!closest) return [{ path, message: issue.message }];
  return closest.flatMap(resolved).map((mistake) => ({ ...mistake, path: [...path, ...mistake.path] }));
}

/** The issues of the form that the value comes closest to; null if no single form does. */
function closestOf(forms: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const distances = forms.map(distance);
  const least = Math.min(...distances);
  if (least === Infinity || distances.filter((one) => one === least).length > 1) return null;
  return forms[distances.indexOf(least)] ?? null;
}

/** How many fields the value has that the form lacks; infinite if it is no such form at all. */
function distance(issues: readonly Issue[]): number {
  return issues
    .filter(({ path }) => path.length === 0)
    .reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : Infinity), 0);
}
