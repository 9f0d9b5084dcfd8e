import { z } from 'zod';
import { MOST_VALUE_LETTERS } from '../../../engine/model/preset-answers';

/**
 * Schema of a number. A template renders it as text.
 * @param least smallest number
 * @param most greatest number
 */
export function numberIn(least: number, most: number): z.ZodCoercedNumber {
  const range = `must be a number from ${least} to ${most}`;
  return z.coerce.number(range).min(least, range).max(most, range);
}

/** Schema of a whole number. A template renders it as text. */
export function integerIn(least: number, most: number): z.ZodCoercedNumber {
  const range = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number(range).int(range).min(least, range).max(most, range);
}

/** Schema of a yes or no. A template renders it as the text `true` or `false`. */
export const flag = z.union(
  [z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })],
  'must be true or false',
);

/** Schema of a list with so many items. */
export function listOf<Item extends z.ZodType>(item: Item, least: number, most: number): z.ZodArray<Item> {
  const size = `must be a list of ${least} to ${most}`;
  return z.array(item, size).min(least, size).max(most, size);
}

/** Schema of a value that a person can take: what is reported back, and the label that the person reads. */
export const choice = z.strictObject(
  {
    value: z.string().max(MOST_VALUE_LETTERS, `must be a text of at most ${MOST_VALUE_LETTERS} characters`),
    label: z.string(),
  },
  'must have a value and a label',
);
export type Choice = z.infer<typeof choice>;

/** Schema of several values, of which each is there once. */
export const options = listOf(choice, 2, 50).superRefine((given, context) => {
  for (const place of repeatedIn(given.map(({ value }) => value)))
    context.addIssue({ code: 'custom', path: [place, 'value'], message: 'is there twice' });
});

/** The places of values that stand further up already. */
export function repeatedIn(values: readonly string[]): number[] {
  return values.flatMap((value, place) => (values.indexOf(value) < place ? [place] : []));
}
