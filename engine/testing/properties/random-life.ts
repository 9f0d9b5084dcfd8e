import { compile } from '../../outline/compile';
import fc from 'fast-check';
import { type Definitions } from '../../definitions/definitions';
import { activity, type EventDefinition } from '../../authoring/event';
import type { Journey } from '../../authoring/journey';
import type { JsonObject } from '../../model/json';
import { lifecycle } from '../../authoring/lifecycle';
import type { MemoryUser } from '../memory-host';
import { policy, type Policy } from '../../policy/define';
import { EVENTS, toJourney, type Plan } from './plan';

const MINUTE = 60_000;
const DAYS = 24 * 60;
/** Two days before the clocks go back in Europe. */
export const BEGIN = Date.parse('2026-10-23T10:00:00Z');

/** Something a person does: `at` is when, `receivedAt` when it is heard of. */
export interface Deed {
  readonly id: string;
  readonly name: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly properties: JsonObject;
}

/** No two of them in the same millisecond: what comes at the very same moment has no order that could be kept. */
export function deeds(maxLength = 16, names: readonly string[] = EVENTS): fc.Arbitrary<readonly Deed[]> {
  const deed = fc.record({
    name: fc.constantFrom(...names),
    minute: fc.oneof(
      fc.integer({ min: 0, max: 20 * DAYS }),
      fc.integer({ min: 0, max: 4 * DAYS }),
      fc.integer({ min: 0, max: 90 }),
    ),
    ago: fc.oneof({ arbitrary: fc.constant(0), weight: 5 }, fc.integer({ min: 1, max: 3 * DAYS })),
    key: fc.constantFrom('x', 'x', 'y', null),
  });
  const begin = fc.constantFrom('Start', 'Start', 'Start', 'Elsewhere');
  return fc.tuple(begin, fc.array(deed, { maxLength, size: 'max' })).map(([first, list]) => [
    { id: '1', name: first, at: BEGIN, receivedAt: BEGIN, properties: { key: 'x' } },
    ...list
      .map(({ minute, ...rest }) => ({ ...rest, minute: minute + 1 }))
      .sort((a, b) => a.minute - b.minute)
      .map(({ name, minute, ago, key }, index) => {
        const receivedAt = BEGIN + minute * MINUTE + index + 1;
        return {
          id: String(index + 2),
          name,
          receivedAt,
          at: receivedAt - ago * MINUTE,
          properties: key === null ? {} : { key },
        };
      }),
  ]);
}

/** Moments within the time in which deeds happen, and a little beyond; never the very moment of a deed or deadline. */
export const moments = fc.integer({ min: 0, max: 30 * DAYS }).map((minute) => BEGIN + minute * MINUTE + 40_000);

const on = (name: string): EventDefinition => ({ kind: 'event', name, schema: null, example: {} });

const STAGES = lifecycle({
  initial: 'new',
  rules: [
    { from: ['new'], to: 'active', on: on('Start') },
    { from: ['new', 'active', 'idle', 'gone'], to: 'left', on: on('Quit') },
    { from: ['active', 'new'], to: 'idle', inactive: '3 days' },
    { from: ['idle', 'gone'], to: 'active', on: activity },
    { from: ['idle'], to: 'gone', after: '5 days' },
  ],
});

/** Stages that only events and time in the stage change: silence can't be judged late, as activity moves its beginning. */
const STAGES_WITHOUT_SILENCE = {
  ...STAGES,
  rules: STAGES.rules.map((rule) =>
    rule.when.kind === 'inactive' ? { ...rule, when: { kind: 'after' as const, ms: rule.when.ms } } : rule,
  ),
};

export const policies = fc.constantFrom<Policy>(
  policy(),
  policy({ quietHours: null }),
  policy({
    caps: { total: { day: 1, week: 2 } },
    expiry: { email: '5 hours' },
    quietHours: { from: '12:00', to: '18:00' },
  }),
);

export const users: fc.Arbitrary<MemoryUser> = fc.record({
  id: fc.constantFrom('ada', 'grace', 'linus'),
  traits: fc.constantFrom({}, { timezone: 'Europe/Berlin' }, { timezone: 'America/New_York' }),
  reachable: fc.subarray(['email', 'webPush', 'inApp'] as const),
  consent: fc.constantFrom({}, { email: false }),
  createdAt: fc.constant(BEGIN),
});

const NO_STAGES = lifecycle({ initial: 'new', rules: [] });

/** What random journeys are lived under: the default policy, stages that change by events, time and silence. */
interface Rules {
  readonly policy?: Policy;
  readonly stages?: boolean;
  readonly silence?: boolean;
}

/** Compiles random journeys. */
export function define(plans: readonly Plan[], rules: Rules = {}): Promise<Definitions> {
  return defineJourneys(plans.map(toJourney), rules);
}

/** Compiles journeys of any kind, to be lived under the same. */
export function defineJourneys(
  journeys: readonly Journey[],
  { policy: limits = policy(), silence = true, stages = true }: Rules = {},
): Promise<Definitions> {
  return compile({
    journeys,
    lifecycle: stages ? (silence ? STAGES : STAGES_WITHOUT_SILENCE) : NO_STAGES,
    policy: limits,
    traits: {},
  });
}
