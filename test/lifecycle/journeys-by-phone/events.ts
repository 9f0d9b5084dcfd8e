import { z } from 'zod';
import { event } from 'sojourn';

export const gateChanged = event('Gate Changed', z.object({ gate: z.string() }), { gate: 'B12' });
