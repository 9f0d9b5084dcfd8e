import { z } from 'zod';
import { flawsOfQuestions } from './branches';
import { asked, shared } from './members';
import { question } from './question';
import { listOf } from './values';

/** Several questions, one after the other. */
export const survey = z
  .strictObject({
    kind: z.literal('survey'),
    ...asked,
    ...shared,
    questions: listOf(question, 1, 30),
    /** The text after the last one. */
    thanks: z.string().exactOptional(),
  })
  .superRefine(({ questions }, context) => {
    for (const { path, message } of flawsOfQuestions(questions))
      context.addIssue({ code: 'custom', path: ['questions', ...path], message });
  });
