import { z } from 'zod';
import { event } from 'sojourn';

/*
 * The catalogue: every event a journey reacts to, named as the app sends it. An event whose properties don't pass its schema
 * is refused, so a schema asks for what journeys can't do without and lets everything else through.
 */

const order = z.looseObject({ orderId: z.string().min(1) });

export const signedUp = event('Signed Up', z.looseObject({ plan: z.string().optional() }), { plan: 'free' });

export const projectCreated = event('Project Created', z.looseObject({ name: z.string().optional() }), {
  name: 'Spring campaign',
});

export const teammateInvited = event('Teammate Invited', z.looseObject({}), {});

export const orderPlaced = event('Order Placed', order, { orderId: 'A-1042' });
export const orderPreparing = event('Order Preparing', order, { orderId: 'A-1042' });
export const orderReady = event('Order Ready', order, { orderId: 'A-1042' });
export const orderCompleted = event('Order Completed', order, { orderId: 'A-1042' });

export const accountDeleted = event('Account Deleted', z.looseObject({}), {});
