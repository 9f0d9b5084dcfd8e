import type { Renderer } from '../renderer';
import { voting } from './parts/voting';

/** Asks for one of several options, and shows what all have chosen. */
export const poll: Renderer = voting('poll', '', () => undefined);
