import { z } from 'zod';
import { MOST_LETTERS } from '../../../engine/model/survey';
import { flag, integerIn, listOf, options } from './values';

const to = z.string();
const value = z.coerce.number('must be a number');

const numberBranches = listOf(
  z.union(
    [z.strictObject({ is: value, to }), z.strictObject({ atMost: value, to }), z.strictObject({ atLeast: value, to })],
    'must have `to`, and a number as one of `is`, `atMost` and `atLeast`',
  ),
  1,
  50,
);
const optionBranches = listOf(z.strictObject({ is: z.string(), to }, 'must have `is` and `to`'), 1, 50);

const common = {
  /** Answers are reported under it. */
  id: z
    .string()
    .regex(/^[A-Za-z][\w-]{0,59}$/, 'must begin with a letter, and have letters, digits, _ and - (60 at most)'),
  ask: z.string(),
  /** Whether it may be left out. */
  optional: flag.exactOptional(),
};
const labels = { minLabel: z.string().exactOptional(), maxLabel: z.string().exactOptional() };

const choice = z.strictObject({
  type: z.literal('choice'),
  ...common,
  options,
  next: optionBranches.exactOptional(),
});

const choices = z.strictObject({
  type: z.literal('choices'),
  ...common,
  options,
  /** How many options have to be taken, and how many may be. */
  min: integerIn(0, 50).exactOptional(),
  max: integerIn(1, 50).exactOptional(),
  next: optionBranches.exactOptional(),
});

const scale = z.strictObject({
  type: z.literal('scale'),
  ...common,
  ...labels,
  min: integerIn(0, 1).default(1),
  max: integerIn(2, 10).default(5),
  next: numberBranches.exactOptional(),
});

const nps = z.strictObject({ type: z.literal('nps'), ...common, ...labels, next: numberBranches.exactOptional() });

const stars = z.strictObject({ type: z.literal('stars'), ...common, ...labels, next: numberBranches.exactOptional() });

const text = z.strictObject({
  type: z.literal('text'),
  ...common,
  placeholder: z.string().exactOptional(),
  /** The most characters. */
  max: integerIn(1, MOST_LETTERS).exactOptional(),
});

/** Schema of a question of a survey. */
export const question = z.discriminatedUnion(
  'type',
  [choice, choices, scale, nps, stars, text],
  'must be one of choice, choices, scale, nps, stars, text',
);
export type Question = z.infer<typeof question>;
