import { z } from 'zod';
import { event } from '../../authoring/event';
import { policy } from '../../policy/define';

/** The events of the example-based tests. */
export const signedUp = event('Signed Up', z.object({ plan: z.string() }), { plan: 'free' });
export const projectCreated = event('Project Created', z.object({ name: z.string() }), { name: 'Engine' });
export const teammateInvited = event('Teammate Invited', z.object({}), {});
export const orderPlaced = event('Order Placed', z.object({ orderId: z.string() }), { orderId: 'o-1' });
export const orderReady = event('Order Ready', z.object({ orderId: z.string() }), { orderId: 'o-1' });
export const accountDeleted = event('Account Deleted', z.object({}), {});

const PLENTY = { day: 1_000, week: 1_000 };

/** A policy without quiet hours and with caps out of reach, for tests that are about something else. */
export const unrestrained = {
  policy: policy({ quietHours: null, caps: { total: PLENTY, email: PLENTY, webPush: PLENTY, inApp: PLENTY } }),
};
