import { anyOf, journey } from 'sojourn';
import { orderCancelled, orderDone, orderPlaced, orderPrepared, orderReady } from '../events';

const IN_ORDER = [orderPlaced, orderPrepared, orderReady, orderDone];

/** One card in the app per order: placed, prepared, ready, done; the same card changes; ready also by push. */
export default journey(
  'order-card',
  { enter: anyOf(...IN_ORDER), key: ({ properties }) => properties.order, transactional: true },
  async (j) => {
    let status = j.event.name;
    for (;;) {
      const isReady = status === orderReady.name;
      await j.send(`card: ${status}`, { inApp: 'order' }, { slot: 'order', data: { status }, reopen: isReady });
      if (isReady) await j.send('ready', { webPush: 'ready' }, { expires: '4 hours' });

      const later = IN_ORDER.slice(IN_ORDER.findIndex(({ name }) => name === status) + 1);
      if (later.length === 0) return;
      const next = await j.waitFor(`after ${status}`, anyOf(orderCancelled, ...later), { within: '14 days' });
      if (!next) return;
      if (next.name === orderCancelled.name) break;
      status = next.name;
    }
    const cancelled = { slot: 'order', data: { status: orderCancelled.name }, reopen: true, expires: '1 day' } as const;
    await j.send('card: cancelled', { inApp: 'order' }, cancelled);
  },
);
