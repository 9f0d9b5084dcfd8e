import { plain } from './parts/content';
import { inCorner } from './parts/frame';

/** A message in the lower corner, beside what the person does. A prompt is the same. */
export const slideIn = inCorner('slide-in', '', plain);
