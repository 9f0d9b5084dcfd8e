import { compile } from '../../outline/compile';
import fc from 'fast-check';
import { type Definitions } from '../../definitions/definitions';
import { activity, type EventDefinition } from '../../authoring/event';
import type { Journey } from '../../authoring/journey';
import type { ChannelSpec } from '../../model/channels';
import type { JsonObject } from '../../model/json';
import { chats } from '../../chats/define';
import { lifecycle } from '../../authoring/lifecycle';
import type { MemoryUser } from '../memory-host';
import { policy, type Policy } from '../../policy/define';
import { PLAN_CHANGED } from './named-event';
import { EVENTS, toJourney, type Plan } from './plan';

/** The chats in which random journeys open conversations. */
const CHATS = chats({ delivery: { roles: { customer: { label: 'Customer' }, courier: { label: 'Courier' } } } });

const MINUTE = 60_000;
const DAYS = 24 * 60;
/** Two days before the clocks go back in Europe. */
export const BEGIN = Date.parse('2026-10-23T10:00:00Z');

/** An event of a person. Times are epoch milliseconds. */
export interface Deed {
  readonly id: string;
  readonly name: string;
  /** When it happened. */
  readonly at: number;
  readonly receivedAt: number;
  readonly properties: JsonObject;
  /** False for the change of a trait. Default: true. */
  readonly active?: boolean;
}

/**
 * Random lives: events in the order of receipt. No two are received in the same millisecond, since their order would be
 * undefined.
 */
export function deeds(
  maxLength = 16,
  names: readonly string[] = [...EVENTS, PLAN_CHANGED, PLAN_CHANGED],
): fc.Arbitrary<readonly Deed[]> {
  const event = fc.record({
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
  return fc.tuple(begin, fc.array(event, { maxLength, size: 'max' })).map(([first, list]) => {
    const plans = changing();
    return [
      { id: '1', name: first, at: BEGIN, receivedAt: BEGIN, properties: { key: 'x' } },
      ...list
        .map(({ minute, ...rest }) => ({ ...rest, minute: minute + 1 }))
        .sort((a, b) => a.minute - b.minute)
        .map(({ name, minute, ago, key }, index): Deed => {
          const receivedAt = BEGIN + minute * MINUTE + index + 1;
          const event = { id: String(index + 2), name, receivedAt, at: receivedAt - ago * MINUTE };
          if (name === PLAN_CHANGED) return { ...event, properties: plans.next().value, active: false };
          return { ...event, properties: key === null ? {} : { key } };
        }),
    ];
  });
}

/** The changes of the plan of a random user, who comes without one. */
function* changing(): Generator<JsonObject, never> {
  for (let from: string | null = null; ;) {
    const to: string = from === 'pro' ? 'free' : 'pro';
    yield { trait: 'plan', from, to };
    from = to;
  }
}

/** Moments in the period of a random life, and a little later. No event or deadline has exactly such a moment. */
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

/**
 * Stages that only events and the time in a stage change. Silence can't be decided late, because activity restarts it.
 */
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
  traits: fc.constantFrom(
    {},
    { timezone: 'Europe/Berlin', groups: { acme: { groupId: 'acme' } } },
    { timezone: 'America/New_York' },
  ),
  reachable: fc.subarray(['email', 'webPush', 'inApp'] as const),
  consent: fc.constantFrom({}, { email: false }),
  createdAt: fc.constant(BEGIN),
});

const NO_STAGES = lifecycle({ initial: 'new', rules: [] });

/** The rules for random journeys. */
interface Rules {
  /** Default: the default policy. */
  readonly policy?: Policy;
  /** Whether there are stages. Default: true. */
  readonly stages?: boolean;
  /** Whether silence changes stages. Default: true. */
  readonly silence?: boolean;
  /** The channels of the team's own. Default: none. */
  readonly channels?: readonly ChannelSpec[];
}

/** Compiles random journeys. */
export function define(plans: readonly Plan[], rules: Rules = {}): Promise<Definitions> {
  return defineJourneys(
    plans.map((plan) => toJourney(plan)),
    rules,
  );
}

/** Compiles any journeys under the same rules. */
export function defineJourneys(
  journeys: readonly Journey[],
  { policy: limits = policy(), silence = true, stages = true, channels }: Rules = {},
): Promise<Definitions> {
  return compile({
    journeys,
    lifecycle: stages ? (silence ? STAGES : STAGES_WITHOUT_SILENCE) : NO_STAGES,
    policy: limits,
    traits: {},
    chats: CHATS,
    ...(channels && { channels }),
  });
}
