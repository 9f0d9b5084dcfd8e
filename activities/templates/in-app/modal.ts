import { z } from 'zod';
import { answerable, part, shared, told } from './members';

/** A dialog in the middle of the page. */
export const modal = z.strictObject({ kind: z.literal('modal'), ...told, ...shared, ...answerable, ...part });
