import { anyOf, journey } from 'sojourn';
import chats from '../chats';
import { courierAssigned, orderCancelled, orderDone } from '../events';

const { delivery } = chats.byName;

/** A courier takes the order: the two can talk in the app. Another courier: they take over. Delivered or cancelled: it closes. */
export default journey(
  'order-chat',
  {
    enter: courierAssigned,
    key: ({ properties }) => properties.order,
    reenter: 'restart',
    transactional: true,
  },
  async (j) => {
    const { order: key, courier, courierName } = j.event.properties;
    const name = await j.pick('name', ({ user: { traits } }) => {
      const { firstName } = traits;
      return typeof firstName === 'string' && firstName !== '' ? firstName.slice(0, 40) : 'Customer';
    });
    const others = [{ userId: courier, role: 'courier', name: courierName }] as const;
    await j.openChat('open', delivery, { key, as: 'customer', name, with: others });
    await j.send('on the way', { webPush: 'on-the-way' }, { expires: '30 minutes' });
    await j.waitFor('delivered', anyOf(orderDone, orderCancelled), { within: '1 day' });
    await j.closeChat('close', delivery, { key });
  },
);
