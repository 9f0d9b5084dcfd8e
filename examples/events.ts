import { z } from 'zod';
import { event } from 'sojourn';

/*
 * The events of all examples, each under the name the app sends. A schema requires only what journeys need.
 */

export const signedUp = event('Signed Up', z.object({ plan: z.string().optional() }), { plan: 'free' });
export const accountDeleted = event('Account Deleted', z.object({}), {});

// abandoned cart
const cartItem = z.object({ name: z.string(), quantity: z.number(), price: z.number() });
const cart = z.object({ cart: z.string(), currency: z.string(), total: z.number(), items: z.array(cartItem) });
export const cartUpdated = event('Cart Updated', cart, {
  cart: 'web',
  currency: 'EUR',
  total: 64.9,
  items: [
    { name: 'Running socks', quantity: 2, price: 12.5 },
    { name: 'Bottle', quantity: 1, price: 39.9 },
  ],
});

// account going quiet
const quietCompany = z.object({
  company: z.string(),
  /** The colleague of ours who looks after the company. */
  owner: z.string(),
  /** The admin to tell; null if the company has none. */
  admin: z.string().nullable(),
});
export const featureUsed = event('Feature Used', z.object({}), {});
export const companyWentQuiet = event('Company Went Quiet', quietCompany, {
  company: 'acme',
  owner: 'olga',
  admin: 'ada',
});
export const adminIsToldToo = event('Admin Is Told Too', z.object({}), {});

// appointment
const appointment = z.object({ appointment: z.string() });
/** The messages say what the clock of the place shows, which is in `zone`. */
const appointmentAt = appointment.extend({
  startsAt: z.iso.datetime({ offset: true }),
  place: z.string(),
  zone: z.string(),
});
const MONDAY = { appointment: 'T-7', startsAt: '2026-03-30T09:00:00+02:00', place: 'Berlin', zone: 'Europe/Berlin' };
export const appointmentBooked = event('Appointment Booked', appointmentAt, MONDAY);
export const appointmentRescheduled = event('Appointment Rescheduled', appointmentAt, MONDAY);
export const appointmentCancelled = event('Appointment Cancelled', appointment, { appointment: 'T-7' });

// back in stock
const product = z.object({ product: z.string() });
const P7 = { product: 'P-7' };
/** A person in the line of a product, by one request of theirs. */
const place = z.object({ person: z.string(), request: z.string() });
const ADA_IN_LINE = { person: 'ada', request: 'R-1' };
export const restockRequested = event('Restock Requested', product, P7);
export const lineJoined = event('Line Joined', place.extend({ product: z.string() }), { ...P7, ...ADA_IN_LINE });
export const lineLeft = event('Line Left', place, ADA_IN_LINE);
/** The shop says it of the product, whose id is `product:` and its number. */
export const stockChanged = event('Stock Changed', z.object({ pieces: z.number().int().min(0) }), { pieces: 30 });
export const turnCame = event('Turn Came', product, P7);

// course
export const coursePaused = event('Course Paused', z.object({}), {});
export const courseStarted = event('Course Started', z.object({}), {});
export const lessonOpened = event('Lesson Opened', z.object({ lesson: z.string() }), { lesson: 'loops' });

// failed payment
export const cardChanged = event('Card Changed', z.object({}), {});
export const invoicePaid = event('Invoice Paid', z.object({ owed: z.number().min(0) }), { owed: 0 });
export const paymentFailed = event(
  'Payment Failed',
  z.object({ invoice: z.string(), amount: z.number(), currency: z.string() }),
  { invoice: 'I-2042', amount: 49, currency: 'EUR' },
);

// feature adoption
export const filterUsed = event('Filter Used', z.object({}), {});
export const viewSaved = event('View Saved', z.object({}), {});

// fitness prompt, streak
export const trained = event('Trained', z.object({}), {});

// gate change
const flight = z.object({ flight: z.string() });
const LH454 = { flight: 'LH454/2026-01-05' };
export const flightLanded = event('Flight Landed', flight, LH454);
export const gateChanged = event('Gate Changed', flight.extend({ gate: z.string(), departsAt: z.iso.datetime() }), {
  ...LH454,
  gate: 'B42',
  departsAt: '2026-01-05T15:00:00Z',
});
export const passengerRebooked = event('Passenger Rebooked', flight, LH454);

// help bot
export const helpOpened = event('Help Opened', z.object({}), {});

// invite
export const invitationAccepted = event('Invitation Accepted', z.object({ token: z.string(), by: z.string() }), {
  token: 'I-3',
  by: 'ada',
});
export const friendStarted = event('Friend Started', z.object({ token: z.string() }), { token: 'I-3' });
export const projectCreated = event('Project Created', z.object({}), {});

// nps
export const activated = event('Activated', z.object({}), {});
export const complaintMade = event('Complaint Made', z.object({}), {});
export const exportFinished = event('Export Finished', z.object({}), {});
export const scoreGiven = event('Score Given', z.object({ score: z.number().int().min(0).max(10) }), { score: 9 });

// order card
const order = z.object({ order: z.string() });
const A_1042 = { order: 'A-1042' };
export const orderPlaced = event('Order Placed', order.extend({ cart: z.string().optional() }), A_1042);
export const orderPrepared = event('Order Prepared', order, A_1042);
export const orderReady = event('Order Ready', order, A_1042);
export const orderDone = event('Order Done', order, A_1042);
export const orderCancelled = event('Order Cancelled', order, A_1042);

// order chat
export const courierAssigned = event(
  'Courier Assigned',
  order.extend({ courier: z.string(), courierName: z.string().max(40) }),
  { ...A_1042, courier: 'bob', courierName: 'Bob' },
);

// password reset
export const passwordResetRequested = event(
  'Password Reset Requested',
  z.object({ request: z.string(), link: z.url() }),
  { request: 'R-1', link: 'https://example.com/reset/abc' },
  { forget: { link: '1 hour' } },
);

// promotion
const item = z.object({ item: z.string() });
const bought = item.extend({ product: z.string().optional(), department: z.string() });
export const productBought = event('Product Bought', bought, {
  item: 'P-7/1',
  product: 'P-7',
  department: 'sportswear',
});
export const productReturned = event('Product Returned', item, { item: 'P-7/1' });

// receipt
export const orderPaid = event('Order Paid', z.object({ order: z.string(), total: z.number(), currency: z.string() }), {
  order: 'A-1042',
  total: 84.5,
  currency: 'EUR',
});

// referral
export const codeRedeemed = event('Referral Code Redeemed', z.object({ code: z.string(), invitedBy: z.string() }), {
  code: 'ADA-7',
  invitedBy: 'ada',
});
const friend = z.object({ friend: z.string() });
export const friendOrdered = event('Friend Ordered', friend.extend({ address: z.string().nullable() }), {
  friend: 'bob',
  address: 'bob@example.com',
});
export const voucherEarned = event('Voucher Earned', friend, { friend: 'bob' });

// re-permission
export const permissionRenewed = event('Permission Renewed', z.object({}), {});

// review after delivery
export const orderReturned = event('Order Returned', order, { order: 'A-1042' });
export const parcelDelivered = event('Parcel Delivered', order.extend({ parcelsLeft: z.number().int().min(0) }), {
  order: 'A-1042',
  parcelsLeft: 0,
});
export const reviewWritten = event('Review Written', order.extend({ stars: z.number().int().min(1).max(5) }), {
  order: 'A-1042',
  stars: 5,
});

// trial
export const planUpgraded = event('Plan Upgraded', z.object({}), {});
export const reportMade = event('Report Made', z.object({}), {});
export const teammateJoined = event('Teammate Joined', z.object({}), {});
export const trialStarted = event('Trial Started', z.object({}), {});

// win-back
export const mailClicked = event('Email Link Clicked', z.object({}), {});
export const pushTapped = event('Push Notification Tapped', z.object({}), {});
