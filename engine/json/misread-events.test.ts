import { z } from 'zod';
import type { Condition } from '../authoring/condition';
import { event } from '../authoring/event';
import type { JsonObject } from '../model/json';
import { traveller } from '../testing/traveller';
import { misfitsIn, mistakesIn } from './mistakes';
import { journeyDefinition, type JourneyDefinition } from './schema';
import { toJourney } from './to-journey';

const signedUp = event('Signed Up', z.object({ plan: z.string(), coupon: z.enum(['a', 'b']).optional() }), {
  plan: 'free',
});
const orderPlaced = event('Order Placed', z.object({ total: z.number(), plan: z.string().optional() }), { total: 20 });
const CATALOGUE = new Map([signedUp, orderPlaced].map((one) => [one.name, one] as const));

const reading = (fact: string): JsonObject => ({
  kind: 'check',
  step: 'is it',
  if: { '!!': { var: fact } as Condition },
});
const wait = (more: object = {}): object => ({
  kind: 'waitFor',
  step: 'first order',
  events: ['Order Placed'],
  within: '1 day',
  ...more,
});
const define = (steps: readonly object[], enter: object = { kind: 'event', event: 'Signed Up' }): JourneyDefinition =>
  journeyDefinition.parse({ enter, steps });
const inThen = (fact: string): object[] => [wait({ then: [reading(fact)] })];

it.each<[string, object[], string]>([
  [
    'a property that only the awaited event has',
    inThen('event.properties.total'),
    'Write steps.first order.properties.total',
  ],
  [
    'a property that both events have',
    inThen('event.properties.plan'),
    'Say which event you mean. Write entered.properties.plan',
  ],
  ['the time of either event', inThen('event.at'), 'Say which event you mean.'],
  ['a property that no event has', [reading('event.properties.total')], "'Signed Up' has no 'properties.total'"],
  ['a property that the entering event does not have', inThen('entered.properties.total'), "'Signed Up' has no"],
  [
    'a property that the awaited event does not have',
    inThen('steps.first order.properties.x'),
    "'Order Placed' has no",
  ],
  ['a step that is not there', inThen('steps.second order.at'), "There is no step 'second order'."],
  ['a step that is no wait', [reading('steps.is it.at')], "'is it' does not wait for an event."],
  ['a wait that comes later', [reading('steps.first order.at'), wait()], 'comes later'],
  ['a wait whose time was up', [wait({ otherwise: [reading('steps.first order.at')] })], 'its time was up'],
  [
    'a wait in the other branch',
    [{ kind: 'check', step: 'some', if: true, then: [wait()], otherwise: [reading('steps.first order.at')] }],
    'in another branch',
  ],
  [
    'a wait in another variant',
    [
      {
        kind: 'experiment',
        step: 'tone',
        variants: [
          { name: 'a', weight: 1, steps: [wait()] },
          { name: 'b', weight: 1, steps: [reading('steps.first order.at')] },
        ],
      },
    ],
    'in another branch',
  ],
])('a new definition is refused if a condition reads %s, and a published one still runs', (_, steps, message) => {
  const definition = define(steps);
  const [mistake, ...more] = mistakesIn(definition, CATALOGUE);
  expect(mistake?.message).toContain(message);
  expect(mistake?.path.slice(-2)).toEqual(['!!', 'var']);
  expect(more).toEqual([]);
  expect(misfitsIn(definition, CATALOGUE)).toEqual([]);
});

it.each<[string, JourneyDefinition]>([
  ['the awaited event', define(inThen('steps.first order.properties.total'))],
  ['an optional property of it', define(inThen('steps.first order.properties.plan'))],
  ['the entering event by its name', define(inThen('entered.properties.plan'))],
  ['an optional property with few values', define([reading('event.properties.coupon')])],
  ['a property that only the entering event has', define(inThen('event.properties.coupon'))],
  ['an earlier wait that may have timed out', define([wait(), reading('steps.first order.properties.total')])],
  ['what came with an entry by hand', define([reading('event.properties.anything')], { kind: 'manual' })],
  [
    'the count of a milestone',
    define([reading('event.properties.count')], { kind: 'milestone', event: 'Order Placed', counts: [3] }),
  ],
])('a condition may read %s', (_, definition) => {
  expect(mistakesIn(definition, CATALOGUE)).toEqual([]);
});

it('a condition on an awaited event decides by that event', async () => {
  const big = { kind: 'check', step: 'big', if: { '>': [{ var: 'steps.first order.properties.total' }, 100] } };
  const made = toJourney('orders', define([wait({ then: [big] })]), CATALOGUE);
  for (const [total, outcome] of [
    [500, true],
    [5, false],
  ] as const) {
    const ada = traveller(made);
    await ada.track(signedUp, { plan: 'free' });
    await ada.track(orderPlaced, { total });
    expect(ada.journal.at(-1)).toMatchObject({ step: 'big', outcome });
  }
});
