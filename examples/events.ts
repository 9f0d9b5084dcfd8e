import { z } from 'zod';
import { event } from 'sojourn';

/*
 * The events of all examples, each under the name the app sends. A schema requires only what journeys need.
 */

export const signedUp = event('Signed Up', z.looseObject({ plan: z.string().optional() }), { plan: 'free' });
export const accountDeleted = event('Account Deleted', z.looseObject({}), {});

// abandoned-cart
const item = z.looseObject({ name: z.string(), quantity: z.number(), price: z.number() });
const cart = z.looseObject({ cart: z.string(), currency: z.string(), total: z.number(), items: z.array(item) });
export const cartUpdated = event('Cart Updated', cart, {
  cart: 'web',
  currency: 'EUR',
  total: 64.9,
  items: [
    { name: 'Running socks', quantity: 2, price: 12.5 },
    { name: 'Bottle', quantity: 1, price: 39.9 },
  ],
});

// appointment
const appointment = z.looseObject({ appointment: z.string() });
/** `startsAt` has the offset of the place, so its text shows the time on the wall there. */
const appointmentAt = appointment.extend({ startsAt: z.iso.datetime({ offset: true }), place: z.string() });
const MONDAY = { appointment: 'T-7', startsAt: '2026-03-30T09:00:00+02:00', place: 'Berlin' };
export const appointmentBooked = event('Appointment Booked', appointmentAt, MONDAY);
export const appointmentRescheduled = event('Appointment Rescheduled', appointmentAt, MONDAY);
export const appointmentCancelled = event('Appointment Cancelled', appointment, { appointment: 'T-7' });

// invite
export const invitationAccepted = event('Invitation Accepted', z.looseObject({ token: z.string(), by: z.string() }), {
  token: 'I-3',
  by: 'ada',
});
export const friendStarted = event('Friend Started', z.looseObject({ token: z.string() }), { token: 'I-3' });
export const projectCreated = event('Project Created', z.looseObject({}), {});

// nps
export const appOpened = event('App Opened', z.looseObject({}), {});
export const reportShared = event('Report Shared', z.looseObject({}), {});
export const complained = event('Complained', z.looseObject({}), {});
export const feedbackGiven = event('Feedback Given', z.looseObject({ value: z.string() }), { value: 'yes' });

// order-card
const order = z.looseObject({ order: z.string() });
const A_1042 = { order: 'A-1042' };
export const orderPlaced = event('Order Placed', order.extend({ cart: z.string().optional() }), A_1042);
export const orderPrepared = event('Order Prepared', order, A_1042);
export const orderReady = event('Order Ready', order, A_1042);
export const orderDone = event('Order Done', order, A_1042);
export const orderCancelled = event('Order Cancelled', order, A_1042);
