import { z } from 'zod';
import { answerable, part, shared, told } from './members';

/** A strip along an edge of the page. */
export const banner = z.strictObject({
  kind: z.literal('banner'),
  ...told,
  ...shared,
  ...answerable,
  ...part,
  edge: z.enum(['top', 'bottom'], 'must be top or bottom').exactOptional(),
});
