import { answered } from 'sojourn';
import { traveller } from 'sojourn/testing';
import { orderReturned, parcelDelivered, reviewWritten } from '../events';
import lifecycle from '../lifecycle';
import policy from '../policy';
import support from '../review-after-delivery-support/journey';
import review from './journey';

const ORDER = { order: 'A-1042' };
const LAST = { ...ORDER, parcelsLeft: 0 };

function customer(at = '2026-01-05T12:00:00Z') {
  const tickets: unknown[] = [];
  const calls = {
    ticket: () => {
      tickets.push('opened');
      return 'T-1';
    },
  };
  const ada = traveller([review, support], { at, calls, with: { lifecycle, policy } });
  return { ada, tickets };
}

const channelsOf = ({ messages }: ReturnType<typeof customer>['ada']) => messages.map(({ channel }) => channel);

test('five days after delivery, in the app and by mail', async () => {
  const { ada } = customer();
  await ada.track(parcelDelivered, LAST);
  await ada.forward('119 hours');
  expect(ada.messages).toEqual([]);
  await ada.forward('1 hour');
  expect(channelsOf(ada)).toEqual(['inApp', 'email']);
});

test('delivered in two parcels: five days after the last', async () => {
  const { ada } = customer();
  await ada.track(parcelDelivered, { ...ORDER, parcelsLeft: 1 });
  await ada.forward('9 days');
  await ada.track(parcelDelivered, LAST);
  await ada.forward('4 days');
  expect(ada.messages).toEqual([]);
  await ada.forward('1 day');
  expect(channelsOf(ada)).toEqual(['inApp', 'email']);
});

test('returned: nothing', async () => {
  const { ada } = customer();
  await ada.track(parcelDelivered, LAST);
  await ada.forward('2 days');
  await ada.track(orderReturned, ORDER);
  await ada.forward('40 days');
  expect(ada.messages).toEqual([]);
});

test('returned while the last parcel is on its way: nothing', async () => {
  const { ada } = customer();
  await ada.track(parcelDelivered, { ...ORDER, parcelsLeft: 1 });
  await ada.track(orderReturned, ORDER);
  await ada.track(parcelDelivered, LAST);
  await ada.forward('40 days');
  expect(ada.messages).toEqual([]);
});

test('another order that is returned changes nothing', async () => {
  const { ada } = customer();
  await ada.track(parcelDelivered, LAST);
  await ada.track(orderReturned, { order: 'B-7' });
  await ada.forward('5 days');
  expect(channelsOf(ada)).toEqual(['inApp', 'email']);
});

test('answered in the app: the mail that waits for the morning is withdrawn', async () => {
  const { ada, tickets } = customer('2026-01-05T23:00:00Z');
  await ada.track(parcelDelivered, LAST);
  await ada.forward('5 days');
  expect(channelsOf(ada)).toEqual(['inApp']);
  await ada.react('in the app', answered, { stars: 5 });
  await ada.forward('2 days');
  expect(channelsOf(ada)).toEqual(['inApp']);
  expect(ada.suppressed).toMatchObject([{ channel: 'email', reason: 'left the journey' }]);
  expect(ada.runs).toMatchObject([{ status: 'completed', reason: 'goal' }]);
  expect(tickets).toEqual([]);
});

test.each([1, 2])('a bad one goes to support, once: %i in the app', async (stars) => {
  const { ada, tickets } = customer();
  await ada.track(parcelDelivered, LAST);
  await ada.forward('5 days');
  await ada.react('in the app', answered, { stars });
  expect(tickets).toEqual(['opened']);
  expect(ada.messages.at(-1)).toMatchObject({ template: 'we-look-into-it' });
});

test('a bad one goes to support: written on the page that the mail leads to', async () => {
  const { ada, tickets } = customer();
  await ada.track(reviewWritten, { ...ORDER, stars: 3 });
  expect(tickets).toEqual([]);
  await ada.track(reviewWritten, { order: 'B-7', stars: 2 });
  expect(tickets).toEqual(['opened']);
});
