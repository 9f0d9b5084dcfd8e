import { z } from 'zod';
import { jsonObject } from './fields';

/** Schema of the values of a user's flags. */
export const flagsOfUser = z.object({
  flags: jsonObject.meta({ description: 'The value of each flag, by its name' }),
  variants: z.record(z.string(), z.string()).meta({
    description: 'The variant of each flag that is an experiment for the user. A client reports that it has read one',
  }),
});
