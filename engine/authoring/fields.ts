import { z } from 'zod';

/**
 * The schema of an object that has no other fields than these. Its error names the unknown field and lists those that there are.
 * @param what the word for one of them
 */
export function fields<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  what = 'field',
): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? unknownField(issue.keys, Object.keys(shape), what) : undefined,
  });
}

function unknownField(unknown: readonly string[], known: readonly string[], what: string): string {
  return `There is no ${what} '${unknown.join("' or '")}'. Expected ${known.join(', ')}.`;
}
