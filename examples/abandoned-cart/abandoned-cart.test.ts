import { templatesIn, traveller, type Traveller, type TravellerOptions } from 'sojourn/testing';
import { cartUpdated, orderPlaced } from '../events';
import lifecycle from '../lifecycle';
import policy from '../policy';
import abandonedCart from './journey';

const templates = templatesIn('examples');
const calls = { coupon: async () => ({ code: 'TEN-4711' }) };
const person = (options: TravellerOptions = {}) =>
  traveller(abandonedCart, { timezone: 'Europe/Berlin', calls, templates, with: { lifecycle, policy }, ...options });
const SOCKS = { name: 'Running socks', quantity: 2, price: 12.5 };
const BOTTLE = { name: 'Bottle', quantity: 1, price: 39.9 };
const cart = (items: (typeof SOCKS)[], id = 'web') => {
  const total = items.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
  return { cart: id, currency: 'EUR', total, items };
};
const HOUR = 3_600_000;
const sentTo = ({ messages }: Traveller, begin: number): string[] =>
  messages.map(({ step, decidedAt }) => `${step} after ${(decidedAt - begin) / HOUR} h`);

test('an hour after the last change a mail with the items, prices and total; a day later one with a coupon', async () => {
  const ada = person();
  await ada.track(cartUpdated, cart([SOCKS, BOTTLE]));
  const begin = ada.now;
  await ada.forward('30 days');
  expect(sentTo(ada, begin)).toEqual(['your cart after 1 h', 'with a coupon after 25 h']);
  const [first, second] = ada.mailbox;
  for (const text of ['Running socks | €12.50', 'Bottle | €39.90', 'Total | €64.90'])
    expect(first?.text).toContain(text);
  expect(first?.text).not.toContain('TEN-4711');
  expect(second?.text).toContain('TEN-4711');
});

test("prices in the shop's currency, as the person writes them", async () => {
  const ada = person({ traits: { locale: 'de-DE' } });
  await ada.track(cartUpdated, { ...cart([SOCKS]), currency: 'GBP', total: 1025 });
  await ada.forward('1 hour');
  expect(ada.mailbox[0]?.text).toMatch(/Running socks \| 12,50\s£\nTotal \| 1\.025,00\s£/);
});

test('cart changed again after 50 minutes: the hour starts anew', async () => {
  const ada = person();
  const begin = ada.now;
  await ada.track(cartUpdated, cart([SOCKS]));
  await ada.forward('50 minutes');
  await ada.track(cartUpdated, cart([SOCKS, BOTTLE]));
  await ada.forward('59 minutes');
  expect(ada.messages).toEqual([]);
  await ada.forward('1 minute');
  expect(sentTo(ada, begin)).toEqual([`your cart after ${110 / 60} h`]);
});

test('the mail shows the cart as it is when it is sent, also when it was held overnight', async () => {
  const ada = person({ at: '2026-01-05T20:30:00Z' });
  await ada.track(cartUpdated, cart([SOCKS]));
  await ada.forward('2 hours');
  expect(ada.held).toHaveLength(1);
  await ada.track(cartUpdated, cart([BOTTLE]));
  await ada.forwardTo('2026-01-06T07:00:00Z');
  expect(ada.mailbox).toHaveLength(1);
  expect(ada.mailbox[0]?.text).toContain('Bottle');
  expect(ada.mailbox[0]?.text).not.toContain('Running socks');
});

test('emptied cart: nothing', async () => {
  const ada = person();
  await ada.track(cartUpdated, cart([SOCKS]));
  await ada.forward('30 minutes');
  await ada.track(cartUpdated, cart([]));
  await ada.forward('30 days');
  expect(ada.messages).toEqual([]);
});

test.each(['30 minutes', '2 hours'] as const)('order at any time (%s): stops', async (time) => {
  const ada = person();
  await ada.track(cartUpdated, cart([SOCKS]));
  await ada.forward(time);
  const before = ada.messages.length;
  await ada.track(orderPlaced, { order: 'A-1', cart: 'web' });
  await ada.forward('30 days');
  expect(ada.messages).toHaveLength(before);
});

test('coupon service down: a mail without coupon, once', async () => {
  const ada = person({
    calls: {
      coupon: async () => {
        throw new Error('503');
      },
    },
  });
  const begin = ada.now;
  await ada.track(cartUpdated, cart([SOCKS]));
  await ada.forward('30 days');
  expect(sentTo(ada, begin)).toEqual(['your cart after 1 h', 'with a coupon after 28 h']);
  expect(ada.mailbox.at(-1)).toMatchObject({ subject: 'Your cart is waiting' });
});

test('new cart after an order: starts again', async () => {
  const ada = person();
  await ada.track(cartUpdated, cart([SOCKS]));
  await ada.track(orderPlaced, { order: 'A-1', cart: 'web' });
  await ada.forward('1 day');
  const begin = ada.now;
  await ada.track(cartUpdated, cart([BOTTLE]));
  await ada.forward('2 hours');
  expect(sentTo(ada, begin)).toEqual(['your cart after 1 h']);
});

test('two carts (web, phone): each has its own hour, and an order stops its own', async () => {
  const ada = person();
  const begin = ada.now;
  await ada.track(cartUpdated, cart([SOCKS], 'web'));
  await ada.forward('30 minutes');
  await ada.track(cartUpdated, cart([BOTTLE], 'phone'));
  await ada.track(orderPlaced, { order: 'A-1', cart: 'web' });
  await ada.forward('2 hours');
  expect(sentTo(ada, begin)).toEqual(['your cart after 1.5 h']);
  expect(ada.mailbox[0]?.text).toContain('Bottle');
});
