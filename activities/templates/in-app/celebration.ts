import { z } from 'zod';
import { asked, shared } from './members';
import { integerIn } from './values';

const MOST = 1_000_000_000;

/** A badge, points or a streak to be glad about. */
export const celebration = z.strictObject({
  kind: z.literal('celebration'),
  ...asked,
  ...shared,
  badge: z.string().exactOptional(),
  points: integerIn(0, MOST).exactOptional(),
  /** How many days in a row, for example. */
  streak: integerIn(0, MOST).exactOptional(),
});
