import { z } from 'zod';
import { answerable, shared, told } from './members';
import { selector } from './selector';

/** A box beside an element of the app. It waits until the element is there. */
export const tip = z.strictObject({ kind: z.literal('tip'), anchor: selector, ...told, ...shared, ...answerable });
