import { anyOf, journey } from 'sojourn';
import { accountDeleted, orderCompleted, orderPlaced, orderPreparing, orderReady } from '../events';

/** The card in the app. Each step sends it again with a new `status`, and the app shows the latest one of the run. */
const CARD = { inApp: 'order' };

/**
 * One run and one card for each order. The card only moves forward: an event that is missing or late is passed over. All
 * messages are transactional, because people wait for them at any hour.
 */
export default journey(
  'order-updates',
  {
    enter: orderPlaced,
    key: ({ properties: { orderId } }) => (typeof orderId === 'string' ? orderId : undefined),
    exit: [accountDeleted],
    transactional: true,
    budget: { messages: 5, within: '30 days' },
  },
  async (j) => {
    await j.send('card: placed', CARD, { data: { status: 'placed' } });

    let next = await j.waitFor('until preparing', anyOf(orderPreparing, orderReady, orderCompleted), {
      within: '2 days',
    });
    if (next?.name === orderPreparing.name) {
      await j.send('card: preparing', CARD, { data: { status: 'preparing' } });
      next = await j.waitFor('until ready', anyOf(orderReady, orderCompleted), { within: '2 days' });
    }
    if (next?.name === orderReady.name) {
      await j.send('card: ready', CARD, { data: { status: 'ready' } });
      await j.send('ready', { webPush: 'ready', email: 'ready' }, { expires: '4 hours' });
      next = await j.waitFor('until completed', orderCompleted, { within: '14 days' });
    }
    if (!next) return j.exit('not heard of any more');
    await j.send('card: completed', CARD, { data: { status: 'completed' } });
  },
);
