import { z } from 'zod';
import { answerable, shared, told } from './members';

/** A box in a corner of the page. */
export const slideIn = z.strictObject({ kind: z.literal('slide-in'), ...told, ...shared, ...answerable });
