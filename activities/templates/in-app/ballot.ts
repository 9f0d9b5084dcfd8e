import { z } from 'zod';
import { flag, options } from './values';

/** What a poll and a quiz have in common: votes that are counted by the name of the poll. */
export const ballot = {
  /** All messages with this name are one poll. */
  poll: z.string().regex(/^[\w .-]{1,100}$/, 'must be a name of letters, digits, spaces, and the signs _ . -'),
  options,
  /** The people who see the results. `after`, the default: those who have voted. `always`: everybody. `never`: nobody. */
  results: z.enum(['after', 'always', 'never'], 'must be after, always or never').exactOptional(),
  /** Whether a vote may be changed. */
  change: flag.exactOptional(),
};
