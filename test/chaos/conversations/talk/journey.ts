import { journey } from 'sojourn';
import chats from '../chats';
import { delivered, taken } from '../events';

export default journey('talk', { enter: taken, key: ({ properties }) => properties.order }, async (j) => {
  const { order: key, courier } = j.event.properties;
  const others = [{ userId: courier, role: 'courier', name: 'Bob' }] as const;
  await j.openChat('open', chats.byName.delivery, { key, as: 'customer', name: 'Ada', with: others });
  await j.waitFor('delivered', delivered);
  await j.closeChat('close', chats.byName.delivery, { key });
});
