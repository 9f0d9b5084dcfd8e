import { dismissed } from 'sojourn';
import { templatesIn, traveller, type Traveller } from 'sojourn/testing';
import { orderCancelled, orderDone, orderPlaced, orderPrepared, orderReady } from '../events';
import lifecycle from '../lifecycle';
import policy from '../policy';
import orderCard from './journey';

const templates = templatesIn('examples');
const person = () => traveller(orderCard, { with: { lifecycle, policy }, templates });
const cardsOf = (ada: Traveller) => ada.mailbox.filter(({ channel }) => channel === 'inApp');
const textsOf = (ada: Traveller): string[] => cardsOf(ada).map(({ text }) => text.trim());
const A = { order: 'A' };
const B = { order: 'B' };

test('placed, prepared, ready, done: the same card changes', async () => {
  const ada = person();
  for (const step of [orderPlaced, orderPrepared, orderReady, orderDone]) {
    await ada.track(step, A);
    await ada.forward('1 hour');
  }
  expect(textsOf(ada)).toEqual([
    'We have your order.',
    'It is prepared.',
    'It is ready: pick it up whenever you like.',
    'Done. Enjoy!',
  ]);
  for (const { card } of cardsOf(ada)) expect(card).toMatchObject({ slot: 'order', key: 'A' });
});

test('ready also by push', async () => {
  const ada = person();
  await ada.track(orderPlaced, A);
  await ada.track(orderReady, A);
  expect(ada.messages.filter(({ channel }) => channel === 'webPush')).toMatchObject([
    { step: 'ready', decidedAt: ada.now },
  ]);
});

test('two orders at once: two cards, told apart', async () => {
  const ada = person();
  await ada.track(orderPlaced, A);
  await ada.track(orderPlaced, B);
  await ada.track(orderPrepared, B);
  const [a, b, preparedB] = cardsOf(ada);
  expect([a?.subject, b?.subject, preparedB?.subject]).toEqual(['Order A', 'Order B', 'Order B']);
  expect([a?.card?.key, b?.card?.key, preparedB?.card?.key]).toEqual(['A', 'B', 'B']);
});

test('events out of order and a minute late: the card never goes back', async () => {
  const ada = person();
  await ada.track(orderPlaced, A);
  await ada.forward('1 hour');
  await ada.track(orderReady, A);
  await ada.forward('1 minute');
  await ada.track(orderPrepared, A, { ago: '2 minutes' });
  await ada.track(orderDone, A);
  expect(textsOf(ada)).toEqual(['We have your order.', 'It is ready: pick it up whenever you like.', 'Done. Enjoy!']);
});

test('"done" first: the card shows done, nothing earlier', async () => {
  const ada = person();
  await ada.track(orderDone, A);
  await ada.track(orderReady, A, { ago: '1 minute' });
  await ada.track(orderPlaced, A, { ago: '1 hour' });
  await ada.forward('30 days');
  expect(ada.messages.map(({ data }) => data['status'])).toEqual(['Order Done']);
});

test('a dismissed card does not come back at "prepared", but does at "ready"', async () => {
  const ada = person();
  await ada.track(orderPlaced, A);
  await ada.react('card: Order Placed', dismissed);
  await ada.track(orderPrepared, A);
  await ada.track(orderReady, A);
  const reopens = cardsOf(ada).map(({ card }) => card?.reopen ?? false);
  expect(reopens).toEqual([false, false, true]);
});

test('cancelled: the card says so for a day and goes', async () => {
  const ada = person();
  await ada.track(orderPlaced, A);
  await ada.track(orderCancelled, A);
  await ada.track(orderPrepared, A);
  expect(textsOf(ada)).toEqual(['We have your order.', 'It is cancelled.']);
  expect(cardsOf(ada).at(-1)?.expiresAt).toBe(ada.now + 86_400_000);
  expect(ada.runs).toMatchObject([{ status: 'completed' }]);
});
