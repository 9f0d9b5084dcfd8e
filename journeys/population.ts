import { population, type Behavior, type Persona, type Reaction } from 'sojourn';
import {
  accountDeleted,
  orderCompleted,
  orderPlaced,
  orderPreparing,
  orderReady,
  projectCreated,
  signedUp,
  teammateInvited,
} from './events';

/*
 * The people that `sojourn simulate` sends through the journeys. All figures are made up. Replace them with your own, or draw
 * from the lives in your database (`--from-database`).
 */

/** Visits from eight in the morning to eleven at night, mostly at noon and in the evening, and less at weekends. */
const daytime = (hour: number, weekday: number): number => {
  if (hour < 8 || hour > 22) return 0;
  const busy = (hour >= 12 && hour <= 13) || hour >= 18 ? 2 : 1;
  return weekday >= 6 ? busy / 2 : busy;
};
const night = (hour: number): number => (hour >= 20 || hour < 3 ? 1 : 0);

const MAIL: Reaction = { open: 0.35, click: 0.04, optOut: 0.004, does: 0.5, after: '5 hours' };
const PUSH: Reaction = { open: 0.1, click: 0.05, optOut: 0.003, does: 0.4, after: '30 minutes' };
const CARD: Reaction = { open: 0.6, click: 0.25, optOut: 0, does: 0.6, after: '1 minute' };

const behaviors = (project: number, teammate: number, order: number): readonly Behavior[] => [
  { event: projectCreated, chance: project },
  { event: teammateInvited, chance: teammate, most: 3 },
  {
    event: orderPlaced,
    chance: order,
    properties: (time) => ({ orderId: `order ${time}` }),
    then: [
      { event: orderPreparing, chance: 0.97, after: ['2 hours', '8 hours'] },
      { event: orderReady, chance: 0.97, after: ['8 hours', '30 hours'] },
      { event: orderCompleted, chance: 0.95, after: ['2 hours', '40 hours'] },
    ],
  },
];

const typical: Persona = {
  share: 3,
  visitsPerWeek: 3,
  hours: daytime,
  does: behaviors(0.3, 0.1, 0.05),
  reach: { email: 0.97, webPush: 0.35, inApp: 1 },
  reactions: { email: MAIL, webPush: PUSH, inApp: CARD },
  churn: { perWeek: 0.06, farewell: { event: accountDeleted, chance: 0.1 }, opens: 0.3 },
};

const kinds: Readonly<Record<string, Persona>> = {
  typical,
  keen: {
    ...typical,
    share: 1,
    visitsPerWeek: 9,
    does: behaviors(0.5, 0.2, 0.1),
    churn: { ...typical.churn, perWeek: 0.02 },
  },
  'just looking': {
    ...typical,
    share: 4,
    visitsPerWeek: 2,
    does: behaviors(0.1, 0.02, 0.01),
    churn: { ...typical.churn, perWeek: 0.5 },
  },
  'night owl': { ...typical, share: 1, visitsPerWeek: 5, hours: night },
};

export default population({
  kinds,
  zones: {
    'America/Los_Angeles': 1,
    'America/New_York': 2,
    'America/Sao_Paulo': 1,
    'Europe/Berlin': 3,
    'Europe/London': 2,
    'Africa/Lagos': 1,
    'Asia/Kolkata': 2,
    'Asia/Tokyo': 1,
    'Australia/Sydney': 1,
  },
  arrive: [signedUp],
  over: '60 days',
  traits: ({ number }) => ({ email: `person-${number}@example.com`, plan: number % 4 === 0 ? 'team' : 'free' }),
});
