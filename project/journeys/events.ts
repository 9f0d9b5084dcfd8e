import { z } from 'zod';
import { event } from 'sojourn';

/*
 * Every event that journeys react to, under the name that your app sends. An event that does not pass its schema is refused, so require
 * only what journeys need. The last argument is an example: templates are checked with it, and `sojourn explore` uses it.
 */

export const signedUp = event('Signed Up', z.object({ plan: z.string().optional() }), { plan: 'free' });

export const orderPlaced = event('Order Placed', z.object({ orderId: z.string() }), { orderId: 'A-1042' });

export const accountDeleted = event('Account Deleted', z.object({}), {});
