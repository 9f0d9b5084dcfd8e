import fc from 'fast-check';
import { advance } from '../advance/advance';
import { activity } from '../authoring/event';
import { journey, type Journey, type Steps } from '../authoring/journey';
import { MAX_OPEN_RUNS } from '../model/limits';
import { lifecycle } from '../authoring/lifecycle';
import { journeyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import { isOpen } from '../model/run';
import type { Run, UserEvent } from '../model/state';
import { compile } from '../outline/compile';
import { orderPlaced, orderReady, unrestrained } from '../testing/properties/catalogue';
import { MemoryHost } from '../testing/memory-host';
import { traveller } from '../testing/traveller';
import { ENTER } from '../user/commands';

/**
 * A user has at most `maxOpenRuns` runs of a journey open at once. Further entries are refused, and counted: anyone who can send
 * events can cause any number of them.
 */

const BEGIN = Date.parse('2026-01-05T12:00:00Z');
const HOUR = 3_600_000;

const orders = (maxOpenRuns?: number): Journey =>
  journey(
    'orders',
    {
      enter: orderPlaced,
      key: ({ properties: { orderId } }) => (typeof orderId === 'string' ? orderId : undefined),
      reenter: 'always',
      ...(maxOpenRuns !== undefined && { maxOpenRuns }),
    },
    async (j) => {
      await j.waitFor('ready', orderReady, { within: '10 days' });
    },
  );

async function host(...journeys: readonly Journey[]): Promise<MemoryHost> {
  const rules = { lifecycle: lifecycle({ initial: 'new', rules: [] }), ...unrestrained, traits: {} };
  const user = { id: 'ada', traits: {}, reachable: ['email'] as const, createdAt: BEGIN };
  return new MemoryHost(user, await compile({ journeys, ...rules }));
}

const order = (n: number, name = 'Order Placed', at = BEGIN): Omit<UserEvent, 'pending'> => ({
  id: String(n),
  name,
  at,
  receivedAt: at,
  properties: { orderId: String(n) },
});
const many = (count: number): Omit<UserEvent, 'pending'>[] => Array.from({ length: count }, (_, n) => order(n + 1));
const open = (user: MemoryHost): Run[] => user.runs.filter(isOpen);

it('a user has at most a hundred open runs of a journey, and the others are counted with their reason', async () => {
  const ada = await host(orders());
  await ada.take(many(MAX_OPEN_RUNS + 50), BEGIN);
  expect(open(ada)).toHaveLength(MAX_OPEN_RUNS);
  expect(ada.state.memory?.refused).toEqual({
    orders: { 'open runs': { count: 50, firstAt: BEGIN, lastAt: BEGIN, reason: 'open runs: at the limit of 100' } },
  });
  expect(ada.decisions).toContainEqual({
    at: BEGIN,
    journey: 'orders',
    step: null,
    what: 'not entered',
    reason: 'open runs: at the limit of 100',
  });
});

it('an entry is allowed again once a run has ended', async () => {
  const ada = await host(orders(2));
  await ada.take(many(2), BEGIN);
  await ada.take([order(3)], BEGIN + 1);
  await ada.take([{ ...order(4, 'Order Ready', BEGIN + 2), properties: { orderId: '1' } }], BEGIN + 2);
  await ada.take([order(5)], BEGIN + 3);
  expect(open(ada).map(({ key }) => key)).toEqual(['2', '5']);
});

it('each journey has a limit of its own', async () => {
  const second = { ...orders(3), id: 'second' };
  const ada = await host(orders(2), second);
  await ada.take(many(5), BEGIN);
  expect(open(ada).filter((run) => run.journey === 'orders')).toHaveLength(2);
  expect(open(ada).filter((run) => run.journey === 'second')).toHaveLength(3);
});

it('an entry by hand is refused too', async () => {
  const ada = await host(orders(1));
  await ada.take([order(1)], BEGIN);
  await ada.take([order(2, `${ENTER}orders`)], BEGIN);
  expect(ada.runs.map(({ key }) => key)).toEqual(['1']);
  expect(ada.decisions.at(-1)).toMatchObject({ what: 'not entered', reason: 'open runs: at the limit of 1' });
});

it('an edit that lowers the limit ends no run, and lets nobody enter until enough have ended', async () => {
  const ada = traveller([orders(3)]);
  for (const orderId of ['1', '2', '3']) await ada.track(orderPlaced, { orderId });
  await ada.deploy([orders(2)]);
  await ada.track(orderReady, { orderId: '1' });
  await ada.track(orderPlaced, { orderId: '4' });
  await ada.track(orderReady, { orderId: '2' });
  await ada.track(orderPlaced, { orderId: '5' });
  expect(ada.runs.filter(isOpen).map(({ key }) => key)).toEqual(['3', '5']);
});

it('a journey made of data has the limit of its definition', async () => {
  const definition = journeyDefinition.parse({
    enter: { kind: 'event', event: 'Order Placed' },
    key: 'orderId',
    maxOpenRuns: 2,
    steps: [{ kind: 'sleep', step: 'a day', duration: '1 day' }],
  });
  const ada = await host(toJourney('orders', definition, new Map([[orderPlaced.name, orderPlaced]])));
  await ada.take(many(5), BEGIN);
  expect(open(ada)).toHaveLength(2);
});

it.each([0, 1.5, 10_001])('a limit of %p is an error', (maxOpenRuns) => {
  expect(() => orders(maxOpenRuns)).toThrow("maxOpenRuns of 'orders' must be a whole number from 1 to 10000.");
});

it('with any events, no more runs than the limit are open, and every order entered or was counted', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.tuple(fc.constantFrom('Order Placed', 'Order Placed', 'Order Ready'), fc.nat(6), fc.nat(3)), {
        maxLength: 30,
      }),
      async (limit, life) => {
        const ada = await host(orders(limit));
        let now = BEGIN;
        let placed = 0;
        let inside = 0;
        for (const [index, [name, orderId, wait]] of life.entries()) {
          now += wait;
          const key = String(orderId);
          if (name === 'Order Placed') placed++;
          if (name === 'Order Placed' && open(ada).some((run) => run.key === key)) inside++;
          await ada.take([{ ...order(index + 1, name, now), properties: { orderId: key } }], now);
          expect(open(ada).length).toBeLessThanOrEqual(limit);
        }
        const refused = ada.state.memory?.refused?.['orders']?.['open runs']?.count ?? 0;
        expect(ada.runs.length + refused + inside).toBe(placed);
      },
    ),
  ));

async function waitForAnything(j: Steps<never>): Promise<void> {
  await j.waitFor('anything', activity, { within: '10 days' });
}

it('the work for an event does not grow with the number of open runs', async () => {
  /** How often an advance reads the names of a thousand events that every open run awaits. */
  const reads = async (openRuns: number): Promise<number> => {
    const waiting = { ...orders(10_000), run: (j: Steps<never>) => waitForAnything(j) };
    const ada = await host(waiting);
    await ada.take(many(openRuns), BEGIN);
    let count = 0;
    const events = Array.from({ length: 1_000 }, (_, n): UserEvent => {
      const event = { ...order(20_000 + n, 'Order Ready', BEGIN + HOUR), pending: true };
      return Object.defineProperty(event, 'name', { get: () => (count++, 'Order Ready') });
    });
    const { history } = ada.state;
    await advance(
      { ...ada.state, history: { ...history, events: [...history.events, ...events] } },
      BEGIN + HOUR,
      ada.definitions,
    );
    return count;
  };
  expect(await reads(2_000)).toBeLessThan(2 * (await reads(20)));
});
