import type { z } from 'zod';
import type { Mistake } from '../authoring/json-fields';

type Issue = z.core.$ZodIssue;

/**
 * The mistakes that the schema found. Where a value may have several forms, these are the mistakes of the form that it comes closest
 * to. If it is close to none, or to several, the mistake is that it has none of them.
 */
export function fieldMistakes({ issues }: z.ZodError): Mistake[] {
  return said(issues).flatMap(resolved);
}

/**
 * The issues without those that may only follow from others: rules of an object are judged without its unknown fields.
 */
function said(issues: readonly Issue[]): readonly Issue[] {
  const withUnknown = new Set(
    issues.flatMap(({ code, path }) => (code === 'unrecognized_keys' ? [path.join('/')] : [])),
  );
  return issues.filter(({ code, path }) => code !== 'custom' || !withUnknown.has(path.join('/')));
}

function resolved(issue: Issue): Mistake[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  if (issue.code !== 'invalid_union') return [{ path, message: issue.message }];
  // The kinds of a trigger or a step.
  if ('options' in issue) return [{ path, message: `must be one of ${issue.options.map(String).join(', ')}` }];
  const closest = closestOf(issue.errors);
  if (!closest) return [{ path, message: issue.message }];
  return said(closest)
    .flatMap(resolved)
    .map((mistake) => ({ ...mistake, path: [...path, ...mistake.path] }));
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
  return said(issues)
    .filter(({ path }) => path.length === 0)
    .reduce((sum, issue) => sum + distanceOf(issue), 0);
}

function distanceOf(issue: Issue): number {
  if (issue.code === 'unrecognized_keys') return issue.keys.length;
  return issue.code === 'invalid_union' ? Math.min(Infinity, ...issue.errors.map(distance)) : Infinity;
}
