import { z } from 'zod';
import { event } from 'sojourn';

/*
 * The catalogue lists every event that journeys react to, under the name the app sends. An event is refused if its properties
 * don't match the schema. A schema therefore requires only what journeys need. What else the app sends is kept, but journeys
 * can't read it: TypeScript takes a name that the schema does not have for a misspelled one.
 */

const order = z.object({ orderId: z.string().min(1) });

export const signedUp = event('Signed Up', z.object({ plan: z.string().optional() }), { plan: 'free' });

export const projectCreated = event('Project Created', z.object({ name: z.string().optional() }), {
  name: 'Spring campaign',
});

export const teammateInvited = event('Teammate Invited', z.object({}), {});

export const orderPlaced = event('Order Placed', order, { orderId: 'A-1042' });
export const orderPreparing = event('Order Preparing', order, { orderId: 'A-1042' });
export const orderReady = event('Order Ready', order, { orderId: 'A-1042' });
export const orderCompleted = event('Order Completed', order, { orderId: 'A-1042' });

export const accountDeleted = event('Account Deleted', z.object({}), {});
