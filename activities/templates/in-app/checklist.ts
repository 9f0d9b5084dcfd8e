import { z } from 'zod';
import { link } from '../link';
import { asked, shared } from './members';
import { flag, listOf } from './values';

/** What is to be done in small steps, such as the onboarding. */
export const checklist = z.strictObject({
  kind: z.literal('checklist'),
  ...asked,
  ...shared,
  items: listOf(z.strictObject({ label: z.string(), done: flag.default(false), url: link.exactOptional() }), 1, 20),
});
