import { journey } from 'sojourn';
import { accountDeleted, codeRedeemed, friendOrdered, orderPlaced, orderReturned } from '../events';
import { plainAddress } from './plain-address';

/** A code; the friend's first order within 60 days counts, unless it is returned within 14 days. */
export default journey('referral', { enter: codeRedeemed, exit: [accountDeleted] }, async (j) => {
  if (await j.check('ordered before', ({ did }) => did(orderPlaced).count() > 0)) return j.exit('not the first order');
  const order = await j.waitFor('first order', orderPlaced, { within: '60 days' });
  if (!order) return j.exit('no order in 60 days');
  const returned = orderReturned.where({ order: order.properties.order });
  if (await j.waitFor('returned', returned, { within: '14 days' })) return j.exit('the order was returned');
  const friend = await j.pick('the friend', ({ user }) => ({
    friend: user.id,
    address: plainAddress(user.traits['email']),
  }));
  await j.track('tell the inviter', { userId: j.event.properties.invitedBy }, friendOrdered, friend);
});
