import { z } from 'zod';
import { link } from '../link';
import { asked, shared } from './members';

/** The love dialog: who says yes is led to the store, and who says no tells us why. */
export const rating = z.strictObject({
  kind: z.literal('rating'),
  ...asked,
  ...shared,
  yes: z.strictObject(
    { label: z.string(), title: z.string(), actionLabel: z.string(), url: link },
    'must have a label, a title, an actionLabel and an url',
  ),
  no: z.strictObject(
    { label: z.string(), title: z.string(), placeholder: z.string().exactOptional() },
    'must have a label and a title',
  ),
});
