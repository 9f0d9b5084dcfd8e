import { z } from 'zod';
import { link } from '../link';
import { answerable, part, shared, told } from './members';

/** An entry of the inbox, which never shows by itself. */
export const card = z.strictObject({
  kind: z.literal('card'),
  ...told,
  ...shared,
  ...answerable,
  ...part,
  video: link.exactOptional(),
});
