import { z } from 'zod';
import { ballot } from './ballot';
import { asked, shared } from './members';

/** A question with options, whose votes are counted. */
export const poll = z.strictObject({ kind: z.literal('poll'), ...asked, ...shared, ...ballot });
