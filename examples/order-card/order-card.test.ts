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
/** What the app shows now. */
const shownTo = (ada: Traveller): string[] => ada.inbox.map(({ subject, text }) => `${subject}: ${text.trim()}`);
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
  expect(shownTo(ada)).toEqual(['Order A: Done. Enjoy!']);
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
  await ada.forward('1 minute');
  await ada.track(orderPlaced, B);
  await ada.forward('1 minute');
  await ada.track(orderPrepared, A);
  expect(shownTo(ada)).toEqual(['Order A: It is prepared.', 'Order B: We have your order.']);
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
  expect(shownTo(ada)).toEqual(['Order A: Done. Enjoy!']);
});

test('"done" first: the card shows done, nothing earlier', async () => {
  const ada = person();
  await ada.track(orderDone, A);
  await ada.track(orderReady, A, { ago: '1 minute' });
  await ada.track(orderPlaced, A, { ago: '1 hour' });
  expect(shownTo(ada)).toEqual(['Order A: Done. Enjoy!']);
  await ada.forward('30 days');
  expect(ada.messages.map(({ data }) => data['status'])).toEqual(['Order Done']);
});

test('a dismissed card does not come back at "prepared", but does at "ready"', async () => {
  const ada = person();
  await ada.track(orderPlaced, A);
  await ada.react('card: Order Placed', dismissed);
  expect(shownTo(ada)).toEqual([]);
  await ada.track(orderPrepared, A);
  expect(shownTo(ada)).toEqual([]);
  await ada.track(orderReady, A);
  expect(shownTo(ada)).toEqual(['Order A: It is ready: pick it up whenever you like.']);
});

test('a card that is dismissed at "ready" does not come back at "done"', async () => {
  const ada = person();
  await ada.track(orderReady, A);
  await ada.react('card: Order Ready', dismissed);
  await ada.track(orderDone, A);
  expect(shownTo(ada)).toEqual([]);
});

test('cancelled: the card says so for a day and goes, and nothing later brings it back', async () => {
  const ada = person();
  await ada.track(orderPlaced, A);
  await ada.react('card: Order Placed', dismissed);
  await ada.track(orderCancelled, A);
  await ada.track(orderPrepared, A);
  await ada.forward('23 hours');
  expect(shownTo(ada)).toEqual(['Order A: It is cancelled.']);
  await ada.forward('1 hour');
  expect(shownTo(ada)).toEqual([]);
  expect(ada.runs).toMatchObject([{ status: 'completed' }]);
});
