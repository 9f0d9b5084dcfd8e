import { z } from 'zod';
import { event } from 'sojourn';

const order = z.object({ order: z.string() });
export const taken = event('Taken', order.extend({ courier: z.string() }), { order: 'o-7', courier: 'bob' });
export const delivered = event('Delivered', order, { order: 'o-7' });
