import fc from 'fast-check';
import { z } from 'zod';
import { event } from '../../engine/authoring/event';
import { journey, type Journey } from '../../engine/authoring/journey';
import { lifecycle } from '../../engine/authoring/lifecycle';
import type { Definitions } from '../../engine/definitions/definitions';
import type { JsonObject } from '../../engine/model/json';
import { compile } from '../../engine/outline/compile';
import { unrestrained } from '../../engine/testing/properties/catalogue';
import { milestone } from '../../engine/user/triggers';
import type { Happening } from '../support/virtual-user';

/** Journeys that look back in every way, and a life of two years in which people do what these look for. */

export const DAY = 86_400_000;
export const START = Date.UTC(2026, 0, 5);

const order = z.object({ order: z.string(), total: z.number() });
const example = { order: 'o-1', total: 10 };
const placed = event('Order Placed', order, example);
const paid = event('Order Paid', order, example);
const refilled = event('Refilled', order, example);
const visited = event('Visited', z.object({}), {});
const opened = event('Account Opened', z.object({}), {});
const closed = event('Account Closed', z.object({}), {});

const orders = journey('orders', { enter: placed, key: ({ properties }) => properties.order }, async (j) => {
  const came = await j.waitFor('paid', paid, { within: '400 days' });
  const often = await j.check('often', ({ did }) => did(placed).count({ within: '120 days' }) > 2);
  if (!came) await j.send('reminder', { inApp: 'reminder' }, { expires: '60 days' });
  // Nobody finds this question who has ordered nothing.
  if (often) await j.pick('visits', ({ did }) => did(visited).count());
});
const refills = journey(
  'refills',
  { enter: refilled, key: ({ properties }) => properties.order, reenter: { after: '200 days' } },
  async (j) => j.send('thanks', { inApp: 'thanks' }, { expires: '20 days' }).then(() => undefined),
);
const visits = journey('visits', { enter: visited, reenter: 'always', goal: { event: paid } }, async (j) => {
  await j.pick('spent', ({ did }) => did(paid).sum('total', { within: '200 days' }));
  await j.waitFor('opened', opened, { within: '300 days' });
});
const counting = (...counts: number[]): Journey =>
  journey(
    'counting',
    { enter: milestone(placed.where({ total: { atLeast: 20 } }), counts), reenter: 'always' },
    async (j) => j.award('points', { points: 1 }),
  );
const faithful = (...counts: number[]): Journey =>
  journey('faithful', { enter: milestone(visited, counts), reenter: 'always' }, async (j) =>
    j.award('points', { points: 1 }),
  );

const stages = lifecycle({
  initial: 'new',
  rules: [
    { from: ['new', 'lapsed'], to: 'buyer', on: placed },
    { from: ['buyer'], to: 'lapsed', inactive: '100 days' },
    { from: ['new', 'buyer', 'lapsed'], to: 'closed', on: closed },
    { from: ['closed'], to: 'new', on: opened },
  ],
});

/** The definitions before an edit and after it. */
export async function lookingBack(): Promise<readonly [Definitions, Definitions]> {
  const of = (...journeys: readonly Journey[]): Promise<Definitions> =>
    compile({ journeys: [orders, refills, visits, ...journeys], lifecycle: stages, ...unrestrained, traits: {} });
  return [await of(counting(2, 4), faithful(3)), await of(counting(2, 4, 6), faithful(3, 9, 12))];
}

const NAMES = ['Order Placed', 'Order Paid', 'Refilled', 'Visited', 'Account Opened', 'Account Closed', 'Scrolled'];

/** A happening, and how it comes. */
export interface Act {
  readonly name: string;
  /** Days since the one before. */
  readonly after: number;
  /** Days by which it comes late. */
  readonly late: number;
  readonly properties: JsonObject;
  /** A client sends it twice. */
  readonly twice: boolean;
}

export const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.record({
    name: fc.constantFrom(...NAMES, 'Scrolled', 'Scrolled', 'Visited', 'Order Placed'),
    after: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 120 })),
    late: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 300 })),
    properties: fc.record({ order: fc.constantFrom('o-1', 'o-2', 'o-3'), total: fc.constantFrom(5, 20, 50) }),
    twice: fc.boolean(),
  }),
  { minLength: 20, maxLength: 45 },
);

/** The happenings of a life, in the order of their receipt. */
export function happenings(life: readonly Act[]): readonly Happening[] {
  let receivedAt = START;
  return life.flatMap(({ name, after, late, properties, twice }, n) => {
    receivedAt += after * DAY + 1_001;
    const one = { id: String(n), name, at: Math.max(START, receivedAt - late * DAY), receivedAt, properties };
    return twice ? [one, { ...one, receivedAt: (receivedAt += 1_000) }] : [one];
  });
}
