import { journey } from 'sojourn';
import { traveller, type Traveller } from 'sojourn/testing';
import { accountDeleted, orderCompleted, orderPlaced, orderPreparing, orderReady } from '../events';
import lifecycle from '../lifecycle';
import policy from '../policy';
import orderUpdates from './journey';

const rules = { lifecycle, policy };
const A1 = { orderId: 'A-1' };
const A2 = { orderId: 'A-2' };

/** The states that the card of an order has shown, in order. */
function card(person: Traveller, orderId: string): unknown[] {
  const run = person.runs.find(({ key }) => key === orderId);
  return person.messages
    .filter(({ runId, channel }) => runId === run?.id && channel === 'inApp')
    .map(({ data }) => data['status']);
}

test('the card follows the order, and a push says when it is ready', async () => {
  const ada = traveller(orderUpdates, { with: rules });
  await ada.track(orderPlaced, A1);
  expect(card(ada, 'A-1')).toEqual(['placed']);
  await ada.forward('5 minutes');
  await ada.track(orderPreparing, A1);
  expect(card(ada, 'A-1')).toEqual(['placed', 'preparing']);
  await ada.forward('20 minutes');
  await ada.track(orderReady, A1);
  expect(ada.messages.at(-1)).toMatchObject({ step: 'ready', channel: 'webPush', decidedAt: ada.now });
  await ada.track(orderCompleted, A1);
  expect(card(ada, 'A-1')).toEqual(['placed', 'preparing', 'ready', 'completed']);
  expect(ada.runs).toMatchObject([{ status: 'completed' }]);
});

test('quiet hours and caps do not apply to orders', async () => {
  const ada = traveller(orderUpdates, { at: '2026-01-05T23:30:00Z', with: rules });
  for (let order = 0; order < 20; order++) {
    const properties = { orderId: `N-${order}` };
    await ada.track(orderPlaced, properties);
    await ada.track(orderReady, properties);
  }
  expect(ada.messages.filter(({ channel }) => channel === 'webPush')).toHaveLength(20);
  expect(ada.held).toEqual([]);
  expect(ada.why('ready')).toContain("'ready' done: transactional");
});

test('two orders at the same time have a card each', async () => {
  const ada = traveller(orderUpdates, { with: rules });
  await ada.track(orderPlaced, A1);
  await ada.track(orderPlaced, A2);
  await ada.track(orderReady, A2);
  await ada.track(orderPreparing, A1);
  expect(card(ada, 'A-1')).toEqual(['placed', 'preparing']);
  expect(card(ada, 'A-2')).toEqual(['placed', 'ready']);
});

test('the card never moves back: a late event is passed over', async () => {
  const ada = traveller(orderUpdates, { with: rules });
  await ada.track(orderPlaced, A1);
  await ada.forward('30 minutes');
  await ada.track(orderReady, A1);
  await ada.track(orderPreparing, A1, { ago: '20 minutes' });
  await ada.track(orderCompleted, A1);
  expect(card(ada, 'A-1')).toEqual(['placed', 'ready', 'completed']);
});

test('the card is up to date at once if Order Placed arrives after a later event', async () => {
  const ada = traveller(orderUpdates, { with: rules });
  await ada.forward('1 hour');
  await ada.track(orderReady, A1);
  await ada.track(orderPlaced, A1, { ago: '30 minutes' });
  expect(card(ada, 'A-1')).toEqual(['placed', 'ready']);
});

test('an order placed twice starts one run', async () => {
  const ada = traveller(orderUpdates, { with: rules });
  await ada.track(orderPlaced, A1);
  await ada.track(orderCompleted, A1);
  await ada.track(orderPlaced, A1);
  expect(card(ada, 'A-1')).toEqual(['placed', 'completed']);
  expect(ada.decisions.at(-1)).toMatchObject({ what: 'not entered', reason: 'entered before' });
});

test('the run of an order ends after two days without an event', async () => {
  const ada = traveller(orderUpdates, { with: rules });
  await ada.track(orderPlaced, A1);
  expect(ada.why('until preparing')).toContain('2 d to go');
  await ada.forward('2 days');
  expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'not heard of any more' }]);
});

test('deleting the account ends the runs of all orders at once', async () => {
  const ada = traveller(orderUpdates, { with: rules });
  await ada.track(orderPlaced, A1);
  await ada.track(orderPlaced, A2);
  await ada.track(accountDeleted, {});
  await ada.track(orderReady, A1);
  expect(ada.runs.map(({ status, reason }) => `${status}: ${reason}`)).toEqual([
    'exited: Account Deleted',
    'exited: Account Deleted',
  ]);
  expect(ada.messages.map(({ step }) => step)).toEqual(['card: placed', 'card: placed']);
});

test('after an edit, a new step ahead of the position is sent, and one behind it is not', async () => {
  const edited = journey(
    'order-updates',
    {
      enter: orderPlaced,
      key: ({ properties: { orderId } }) => (typeof orderId === 'string' ? orderId : undefined),
      transactional: true,
    },
    async (j) => {
      await j.send('card: placed', { inApp: 'order' }, { data: { status: 'placed' } });
      await j.send('receipt', { email: 'receipt' });
      await j.waitFor('until preparing', orderReady, { within: '2 days' });
      await j.send('where to go', { inApp: 'map' });
    },
  );
  const ada = traveller(orderUpdates, { with: rules });
  await ada.track(orderPlaced, A1);
  await ada.deploy(edited);
  await ada.track(orderReady, A1);
  expect(ada.messages.map(({ step }) => step)).toEqual(['card: placed', 'where to go']);
});
