import { z } from 'zod';
import { MOST_ERRORS } from './pointer';
import { fieldError } from './problem';

const call = {
  index: z.int().meta({ description: 'The position of the call in the batch, from 0' }),
  messageId: z
    .string()
    .nullable()
    .meta({ description: 'The `messageId` that the call was sent with; null if it had none' }),
};

/** Schema of what became of the calls of a request. */
export const received = z
  .object({
    accepted: z.int().meta({ description: 'The number of calls stored by this request' }),
    duplicates: z.int().meta({ description: 'The number of calls stored before, recognized by messageId' }),
    rejected: z
      .array(
        z.object({
          ...call,
          errors: z.array(fieldError).meta({ description: 'What is wrong with it' }),
        }),
      )
      .meta({
        description:
          'The calls that were not stored: they are not valid, or the traits would become too large. ' +
          `The first are listed, with ${MOST_ERRORS} errors together`,
      }),
    rejectedCount: z.int().meta({ description: 'The number of calls that were not stored, listed or not' }),
    warnings: z
      .array(z.object({ ...call, ...fieldError.shape }))
      .max(MOST_ERRORS)
      .meta({ description: 'What was not taken as it was sent, though its call was stored: the first of them' }),
    warningCount: z.int().meta({ description: 'The number of all warnings, listed or not' }),
  })
  .meta({ id: 'Received' });
