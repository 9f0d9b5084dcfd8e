import { z } from 'zod';
import { event } from 'sojourn';

export const signedUp = event('Signed Up', z.object({ plan: z.string() }), { plan: 'free' });

export const activated = event('Activated', z.object({}), {});
