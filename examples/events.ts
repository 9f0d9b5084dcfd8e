import { z } from 'zod';
import { event } from 'sojourn';

/*
 * The events of all examples, each under the name the app sends. A schema requires only what journeys need.
 */

export const signedUp = event('Signed Up', z.looseObject({ plan: z.string().optional() }), { plan: 'free' });
export const accountDeleted = event('Account Deleted', z.looseObject({}), {});
