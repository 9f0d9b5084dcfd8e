import { journey } from 'sojourn';
import { friendOrdered, voucherEarned } from '../events';
import { plainAddress } from '../referral/plain-address';

/** It earns both a voucher, but not somebody who invited their own second account. */
export default journey(
  'referral-earned',
  { enter: friendOrdered, key: ({ properties }) => properties.friend },
  async (j) => {
    const { friend, address } = j.event.properties;
    const own = await j.check(
      'own account',
      ({ user }) => address !== null && plainAddress(user.traits['email']) === address,
    );
    if (own) return j.exit('their own second account');
    const me = await j.pick('the inviter', ({ user }) => user.id);
    await j.track('for the inviter', { userId: me }, voucherEarned, { friend });
    await j.track('for the friend', { userId: friend }, voucherEarned, { friend });
  },
);
