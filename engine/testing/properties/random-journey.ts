import fc from 'fast-check';
import type { Consent } from '../../model/consent';
import type { Duration } from '../../model/duration';
import type { ChannelName } from '../../model/state';
import type { LocalHours, LocalTime, Weekday } from '../../model/zone';
import { named, type Node, type Plan } from './plan';

export const durations = fc.constantFrom<Duration>(
  '0 minutes',
  '1 minute',
  '20 minutes',
  '1 hour',
  '7 hours',
  '1 day',
  '3 days',
  '9 days',
);

/** What random journeys may contain. */
export interface Ingredients {
  /** Steps with effects outside the engine. They happen at wall time, so a late advance changes them. */
  readonly effects: boolean;
  /** Waits without a timeout. */
  readonly unbounded: boolean;
  readonly triggers: readonly string[];
}

const names = fc.uniqueArray(
  fc.constantFrom('A', 'A', 'B', 'B', 'C', '*', 'end of second', 'plan changed', 'upgraded'),
  { minLength: 1, maxLength: 2 },
);
const needs = fc.constantFrom<'one' | 'two' | 'all'>('one', 'one', 'one', 'two', 'all');
const channels = fc.uniqueArray(fc.constantFrom<ChannelName>('email', 'webPush', 'inApp'), { minLength: 1 });
const weekday = fc.constantFrom<Weekday>(1, 4, 7);
/** Zones without daylight saving. */
const zone = fc.constantFrom('Asia/Tokyo', 'Africa/Lagos');
const localTimes = fc.record(
  {
    at: fc.constantFrom<LocalTime['at']>('02:30', '09:00', '23:15'),
    weekday,
    zone,
  },
  { requiredKeys: ['at'] },
);
const setsOfDays = fc.record(
  {
    at: fc.constantFrom<LocalTime['at']>('02:30', '09:00'),
    weekdays: fc.uniqueArray(weekday, { minLength: 1 }),
  },
  { requiredKeys: ['at'] },
);
const daysOfMonth = fc.record({
  at: fc.constantFrom<LocalTime['at']>('02:30', '09:00'),
  day: fc.constantFrom(1, 25, 31),
});
const hours = fc.record(
  {
    between: fc.constantFrom<LocalHours['between']>(['09:00', '18:00'], ['22:00', '06:00'], ['00:00', '00:00']),
    weekdays: fc.uniqueArray(weekday, { minLength: 1 }),
    zone,
  },
  { requiredKeys: ['between'] },
);
/** Instants in the lives of random users, and around them. No event has exactly such an instant. */
const instants = fc
  .integer({ min: -2 * 24, max: 25 * 24 })
  .map((hour) => new Date(Date.parse('2026-10-23T10:07:11Z') + hour * 3_600_000).toISOString());
const times = fc.oneof(
  { arbitrary: localTimes, weight: 3 },
  setsOfDays,
  daysOfMonth,
  hours,
  instants,
  fc.record({ before: instants, by: durations }),
  fc.record({ after: instants, by: durations }),
);
const questions = fc.record({
  name: fc.constantFrom('A', 'B', 'Elsewhere'),
  ofGroup: fc.boolean(),
  within: fc.option(durations),
  times: fc.constantFrom(1, 2, 4),
});
const consents = fc.constantFrom<Consent>({ email: false }, { email: true }, { webPush: false, inApp: true });
/** The keys of conversations. */
const chatKinds = fc.constantFrom<'openChat' | 'closeChat'>('openChat', 'closeChat');
const chatKeys = fc.constantFrom('order-7', 'order-8');
/** One journey only can be started, so that no two start one another for ever. */
const started = fc.constantFrom('second', 'second', 'nowhere');
const ifPast = fc.constantFrom<'now' | 'skip'>('now', 'skip');

/** Random steps without names; see {@link named}. */
export function nodes(ingredients: Ingredients): fc.Arbitrary<readonly Node[]> {
  const step = fc.constant('');
  const untils = fc.record({ until: times });
  const bounded = fc.oneof({ arbitrary: durations, weight: 4 }, untils);
  const within = ingredients.unbounded ? fc.option(bounded) : bounded;
  const leaf = fc.oneof(
    { arbitrary: fc.record({ kind: fc.constant('sleep' as const), step, duration: durations }), weight: 3 },
    { arbitrary: fc.record({ kind: fc.constant('sleepUntil' as const), step, when: times, ifPast }), weight: 2 },
    { arbitrary: fc.record({ kind: fc.constant('award' as const), step }), weight: 2 },
    { arbitrary: fc.record({ kind: fc.constant('exit' as const), step, uncounted: fc.boolean() }), weight: 1 },
    { arbitrary: fc.record({ kind: fc.constant('start' as const), step, journey: started }), weight: 1 },
    ...(ingredients.effects
      ? [
          {
            arbitrary: fc.record({
              kind: fc.constant('send' as const),
              step,
              template: fc.constant(''),
              channels,
              urgent: fc.boolean(),
              ifCapped: fc.constantFrom('suppress', 'hold'),
            }),
            weight: 4,
          },
          { arbitrary: fc.record({ kind: fc.constant('call' as const), step }), weight: 1 },
          { arbitrary: fc.record({ kind: fc.constant('track' as const), step }), weight: 1 },
          { arbitrary: fc.record({ kind: chatKinds, step, key: chatKeys }), weight: 1 },
          { arbitrary: fc.record({ kind: fc.constant('consent' as const), step, answers: consents }), weight: 1 },
        ]
      : []),
  );
  const { block } = fc.letrec<{ block: readonly Node[]; node: Node }>((tie) => ({
    block: fc.array(tie('node'), { maxLength: 5, depthIdentifier: 'journey' }),
    node: fc.oneof(
      { depthIdentifier: 'journey', maxDepth: 3 },
      { arbitrary: leaf, weight: 3 },
      {
        arbitrary: fc
          .record({
            kind: fc.constant('waitFor' as const),
            step,
            names,
            needs,
            within,
            sinceNow: fc.boolean(),
            then: tie('block'),
            otherwise: tie('block'),
          })
          // Any activity can be awaited once only.
          .map((node) => (node.names.includes('*') ? { ...node, needs: 'one' as const } : node)),
        weight: 4,
      },
      {
        arbitrary: fc.record({
          kind: fc.constant('check' as const),
          step,
          points: fc.constantFrom(5, 15, 35),
          asks: fc.option(questions),
          then: tie('block'),
          otherwise: tie('block'),
        }),
        weight: 1,
      },
      {
        arbitrary: fc.record({
          kind: fc.constant('experiment' as const),
          step,
          then: tie('block'),
          otherwise: tie('block'),
        }),
        weight: 1,
      },
    ),
  }));
  return block;
}

/** Random journeys with the given id. */
export function plans(id: string, ingredients: Ingredients): fc.Arbitrary<Plan> {
  return fc.record({
    id: fc.constant(id),
    trigger: fc.constantFrom(...ingredients.triggers),
    reenter: fc.constantFrom<Plan['reenter']>('never', 'always', 'restart', { after: '4 days' }),
    keyed: fc.boolean(),
    maxOpenRuns: fc.constantFrom(1, 2, 100),
    exit: fc.constantFrom<readonly string[]>([], [], ['Quit'], ['Quit'], ['Quit', 'upgraded'], ['*']),
    goal: fc.option(
      fc.record({
        name: fc.constantFrom('B', 'C', '*', 'plan changed'),
        exit: fc.boolean(),
        within: fc.option(durations),
      }),
    ),
    steps: nodes(ingredients).map((steps) => named(steps, 's')),
  });
}

/** Random journeys without keys that each user enters once, since every entry counts. */
export function onceOnly(id: string, ingredients: Ingredients): fc.Arbitrary<Plan> {
  return plans(id, ingredients)
    .filter(({ steps }) => !JSON.stringify(steps).includes('"uncounted":true'))
    .map((plan) => ({ ...plan, reenter: 'never', keyed: false }));
}
