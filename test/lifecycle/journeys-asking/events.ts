import { z } from 'zod';
import { event } from 'sojourn';

/** `patience` is how long the person may leave the question unseen. */
export const helpAsked = event('Help Asked', z.object({ patience: z.enum(['1 second', '1 hour']) }), {
  patience: '1 hour',
});
