import { z } from 'zod';
import { answerable, part, shared, told } from './members';
import { flag, listOf } from './values';

/** How far something has come, such as an order: a bar, the steps, or both. */
export const progress = z.strictObject({
  kind: z.literal('progress'),
  ...told,
  ...shared,
  ...answerable,
  ...part,
  steps: listOf(z.strictObject({ label: z.string(), done: flag.default(false) }), 1, 20).exactOptional(),
});
