import { z } from 'zod';
import { ballot } from './ballot';
import { asked, shared } from './members';
import { integerIn } from './values';

/** A poll with a right option. The client is told which it is, and why, once the person has answered. */
export const quiz = z
  .strictObject({
    kind: z.literal('quiz'),
    ...asked,
    ...shared,
    ...ballot,
    /** The value of the right option. */
    right: z.string(),
    explanation: z.string().exactOptional(),
    /** What the right answer is worth, as the client shows it. A journey gives the points. */
    points: integerIn(0, 1_000_000).exactOptional(),
  })
  .refine(({ options, right }) => options.some(({ value }) => value === right), {
    path: ['right'],
    error: 'must be the value of an option',
  });
