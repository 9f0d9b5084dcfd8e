import { z } from 'zod';
import { answerable, part, shared, told } from './members';

/** A box in a corner of the page, as `slide-in`, by its former name. */
export const prompt = z.strictObject({ kind: z.literal('prompt'), ...told, ...shared, ...answerable, ...part });
