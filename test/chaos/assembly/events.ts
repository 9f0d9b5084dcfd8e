import { z } from 'zod';
import { event } from 'sojourn';

const example = { order: 'o-1', parts: ['wheel', 'bell'] };
export const ordered = event('Ordered', z.object({ order: z.string(), parts: z.array(z.string()) }), example);
