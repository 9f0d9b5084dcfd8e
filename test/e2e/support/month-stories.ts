import type { Duration } from '../../../engine/model/duration';
import { byEmail, day, type CookbookStory } from './cookbook-stories';

/** A person who is silent for 60 days gets a win-back message at ten, and two more in the following weeks. */
const SILENCE = ['email', 'webPush', 'inApp'].map((channel) => `win-back: come back by ${channel} by ${channel}`);

/** So many days and hours after the beginning, a Monday at noon. */
const later = (days: number, hours = 0): Duration => `${days * 24 + hours} hours`;

/** The entries of the cookbook that take up to a hundred days. */
export const QUARTER: readonly CookbookStory[] = [
  {
    entry: 'trial, extended by a week on day 10',
    traits: () => ({ trialEndsAt: day(14) }),
    acts: [
      ['10 minutes', ({ ada }) => ada?.track('Trial Started')],
      [later(10), ({ ada }) => ada?.identify({ trialEndsAt: day(21) })],
    ],
    gets: {
      ada: [...byEmail('trial', ['first steps', 'make a report', 'invite a teammate', 'the trial ends']), ...SILENCE],
    },
  },
  {
    entry: 'promotion, at most once a quarter',
    acts: ([1, 30, 60] as const).map((days) => [
      later(days),
      ({ ada }) => ada?.track('Product Bought', { item: `shoes ${days}`, department: 'sportswear' }),
    ]),
    gets: { ada: byEmail('promotion', ['offer', 'offer']) },
  },
  {
    entry: 'referral',
    acts: [
      [later(1), ({ ada, bob }) => bob?.track('Referral Code Redeemed', { code: 'ADA-7', invitedBy: ada?.id ?? '' })],
      [later(45), ({ bob }) => bob?.track('Order Placed', { order: 'A-1' })],
    ],
    gets: {
      ada: [...byEmail('referral-voucher', ['a voucher']), ...SILENCE],
      bob: ['order-card: card: Order Placed by inApp', ...byEmail('referral-voucher', ['a voucher'])],
    },
  },
  {
    entry: 'win-back, by the channel of the last reaction, until somebody comes back',
    acts: [
      [later(0, 22), ({ ada }) => ada?.track('Push Notification Tapped')],
      [later(66), ({ ada }) => ada?.track('Trained')],
    ],
    gets: { ada: SILENCE.slice(1, 2) },
  },
];

/** The entries of the cookbook that take more than a year. */
export const YEAR: readonly CookbookStory[] = [
  {
    entry: 'birthday, yearly',
    traits: () => ({ birthday: '1990-04-01' }),
    acts: [],
    gets: { ada: [...byEmail('birthday', ['happy birthday']), ...SILENCE, ...byEmail('birthday', ['happy birthday'])] },
  },
  {
    entry: 'renewal, moved by months after the first mail',
    traits: () => ({ plan: 'yearly', renewsAt: day(100) }),
    acts: [[later(80), ({ ada }) => ada?.identify({ renewsAt: day(300) })]],
    // Win-back begins anew 200 days after it began.
    gets: {
      ada: [
        ...SILENCE.slice(0, 2),
        ...byEmail('renewal', ['renews in 30 days']),
        ...SILENCE.slice(2),
        ...SILENCE.slice(0, 2),
        ...byEmail('renewal', ['renews in 30 days']),
        ...SILENCE.slice(2),
        ...byEmail('renewal', ['renews in 7 days']),
      ],
    },
  },
  {
    entry: 'win-back, twice a year at most',
    acts: [
      [later(100), ({ ada }) => ada?.track('Trained')],
      [later(220), ({ ada }) => ada?.track('Trained')],
    ],
    gets: { ada: [...SILENCE, ...SILENCE] },
  },
];
