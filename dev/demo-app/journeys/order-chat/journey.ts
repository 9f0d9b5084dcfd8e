import { anyOf, journey } from 'sojourn';
import chats from '../../../../journeys/chats';
import { accountDeleted, orderCompleted } from '../../../../journeys/events';
import { courierAssigned } from '../events';

const { delivery } = chats.byName;

/** Whoever waits for an order and whoever brings it can talk, by their first names, until it is there. */
export default journey(
  'order-chat',
  {
    enter: courierAssigned,
    key: ({ properties: { orderId } }) => (typeof orderId === 'string' ? orderId : undefined),
    reenter: 'restart',
    transactional: true,
    budget: { messages: 0, within: '1 day' },
  },
  async (j) => {
    const { orderId: key, courier, courierName } = j.event.properties;
    const name = await j.pick('name', ({ user: { traits } }) => {
      const { firstName } = traits;
      return typeof firstName === 'string' && firstName !== '' ? firstName.slice(0, 40) : 'Customer';
    });
    await j.openChat('open', delivery, {
      ...{ key, as: 'customer', name },
      with: [{ userId: courier, role: 'courier', name: courierName }],
    });
    await j.waitFor('delivered', anyOf(orderCompleted, accountDeleted), { within: '1 day' });
    await j.closeChat('close', delivery, { key });
  },
);
