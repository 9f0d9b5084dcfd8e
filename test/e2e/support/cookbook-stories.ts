import type { Product } from '../../../dev/demo/product';
import type { Duration } from '../../../engine/model/duration';
import type { JsonObject } from '../../../engine/model/json';
import type { Person } from './person';

/** The stories begin on a Monday at noon UTC. Epoch milliseconds. */
export const START = Date.parse('2026-03-02T12:00:00Z');

/** The people of a story by their names. */
export type Cast = Record<string, Person>;

/** What people do in an entry of the cookbook, and what they get. */
export interface CookbookStory {
  readonly entry: string;
  readonly traits?: (person: Person) => JsonObject;
  /** What happens, and how long after the beginning. */
  readonly acts: readonly (readonly [Duration, (cast: Cast, product: Product) => void | Promise<void>])[];
  /** The messages of each person, in order. */
  readonly gets: Readonly<Record<string, readonly string[]>>;
}

/**
 * Returns the ISO time that is so many days after the beginning.
 * @param time another time of that day, UTC
 */
export const day = (after: number, time = ''): string => {
  const date = new Date(START + after * 86_400_000).toISOString();
  return time === '' ? date : `${date.slice(0, 10)}T${time}:00Z`;
};

/** The names of a journey's messages by email. */
export const byEmail = (journey: string, steps: readonly string[]): string[] =>
  steps.map((step) => `${journey}: ${step} by email`);

const CART = {
  cart: 'web',
  currency: 'EUR',
  total: 25,
  items: [{ name: 'Running socks', quantity: 2, price: 12.5 }],
};
const RESET = { request: 'R-1', link: 'https://example.com/reset/abc' };

/** The entries of the cookbook that are over within two weeks. */
export const STORIES: readonly CookbookStory[] = [
  {
    entry: 'abandoned cart',
    acts: [['10 minutes', ({ ada }) => ada?.track('Cart Updated', CART)]],
    gets: { ada: byEmail('abandoned-cart', ['your cart', 'with a coupon']) },
  },
  {
    entry: 'appointment',
    acts: [
      ['10 minutes', ({ ada }) => ada?.track('Appointment Booked', appointmentOn(3))],
      ['1 hour', ({ ada }) => ada?.track('Appointment Rescheduled', appointmentOn(4))],
    ],
    gets: { ada: ['appointment: tomorrow by email', 'appointment: in an hour by webPush'] },
  },
  {
    entry: 'password reset and receipt',
    acts: [
      ['10 minutes', ({ ada }) => ada?.track('Password Reset Requested', RESET)],
      ['1 hour', ({ ada }) => ada?.track('Order Paid', { order: 'A-1042', total: 84.5, currency: 'EUR' })],
    ],
    gets: { ada: ['password-reset: link by email', 'receipt: receipt by email'] },
  },
  {
    entry: 'confirm subscription',
    acts: [
      ['10 minutes', async ({ ada }) => ada?.subscribe('tips')],
      ['1 hour', async ({ ada }) => ada?.subscribe('tips')],
      ['2 hours', async ({ ada }) => ada?.press(/\/y\/[\w.-]+/)],
      ['3 hours', async ({ ada }) => ada?.subscribe('tips')],
    ],
    gets: { ada: byEmail('confirm-subscription', ['please confirm', 'please confirm']) },
  },
  {
    entry: 'order card',
    acts: (['Placed', 'Prepared', 'Ready', 'Done'] as const).map((what, n) => [
      `${n + 1} hours`,
      ({ ada }) => ada?.track(`Order ${what}`, { order: 'A-1042' }),
    ]),
    gets: {
      ada: [
        'order-card: card: Order Placed by inApp',
        'order-card: card: Order Prepared by inApp',
        'order-card: card: Order Ready by inApp',
        'order-card: ready by webPush',
        'order-card: card: Order Done by inApp',
      ],
    },
  },
  {
    entry: 'streak',
    acts: ([0, 1, 2] as const).map((n) => [`${24 * n + 1} hours`, ({ ada }) => ada?.track('Trained')]),
    gets: { ada: ['streak-reminder: reminder by webPush'] },
  },
  {
    entry: 'failed payment',
    acts: [
      ['10 minutes', ({ ada }) => ada?.track('Payment Failed', { invoice: 'I-2042', amount: 49, currency: 'EUR' })],
    ],
    gets: { ada: byEmail('failed-payment', ['failed', 'reminder', 'urgent', 'last-warning', 'closed']) },
  },
  {
    entry: 'course',
    traits: () => ({ lessonTime: '12:30' }),
    acts: [
      ['10 minutes', ({ ada }) => ada?.track('Course Started')],
      ['20 hours', ({ ada }) => ada?.track('Lesson Opened', { lesson: 'first-steps' })],
    ],
    gets: { ada: byEmail('course', ['first-steps', 'names', 'loops', 'functions', 'certificate']) },
  },
  {
    entry: 'gate change',
    acts: (['B42', 'B44'] as const).map((gate, n) => [
      `${n + 1} hours`,
      ({ ada }) => ada?.track('Gate Changed', { flight: 'LH454', gate, departsAt: day(1, '15:00') }),
    ]),
    gets: { ada: ['gate-change: new gate by webPush', 'gate-change: new gate by webPush'] },
  },
  {
    entry: 'review after delivery',
    acts: [
      ['10 minutes', ({ ada }) => ada?.track('Parcel Delivered', { order: 'A-1042', parcelsLeft: 0 })],
      ['6 days', ({ ada }) => ada?.track('Review Written', { order: 'A-1042', stars: 1 })],
    ],
    gets: {
      ada: [
        'review-after-delivery: in the app by inApp',
        'review-after-delivery: by mail by email',
        'review-after-delivery-support: we look into it by email',
      ],
    },
  },
  {
    entry: 'double-sided invite',
    acts: [
      ['10 minutes', ({ ada, bob }) => bob?.track('Invitation Accepted', { token: 'I-3', by: ada?.id ?? '' })],
      ['5 days', ({ bob }) => bob?.track('Project Created')],
    ],
    gets: {
      ada: ['invite-reward: thanks by inApp'],
      bob: ['invite: nudge by webPush', 'invite: thanks by inApp'],
    },
  },
  {
    entry: 'trial',
    traits: () => ({ trialEndsAt: day(14) }),
    acts: [['10 minutes', ({ ada }) => ada?.track('Trial Started')]],
    gets: { ada: byEmail('trial', ['first steps', 'make a report', 'invite a teammate', 'the trial ends']) },
  },
  {
    entry: 'weekly digest',
    acts: [],
    gets: { ada: ['weekly-digest: digest by email', 'weekly-digest: digest by email'] },
  },
  {
    entry: 'feature adoption',
    acts: [
      ...Array.from({ length: 10 }, (_, n): CookbookStory['acts'][number] => [
        `${n + 1} hours`,
        ({ ada }) => ada?.track('Filter Used'),
      ]),
      ['2 days', ({ ada }) => ada?.track('Filter Used')],
    ],
    gets: { ada: ['feature-adoption: tip by inApp'] },
  },
];

function appointmentOn(after: number): JsonObject {
  return { appointment: 'T-7', startsAt: day(after, '15:00'), place: 'London', zone: 'Europe/London' };
}
