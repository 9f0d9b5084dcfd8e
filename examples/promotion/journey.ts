import { every, journey, type Did } from 'sojourn';
import { productBought, productReturned } from '../events';

/** Fridays at five are 13 weeks apart. */
const QUARTER_MS = 90 * 86_400_000;

/** Has bought sportswear in 90 days that has not been returned. */
function hasSportswear(did: Did): boolean {
  const bought = did(productBought.where({ department: 'sportswear' })).list({ within: '90 days' });
  const returned = did(productReturned)
    .list({ within: '90 days' })
    .map(({ properties }) => properties.item);
  return bought.some(({ properties }) => !returned.includes(properties.item));
}

/**
 * Friday at five, to those who bought sportswear in 90 days and did not return it, at most once a quarter per person. In quiet hours it
 * waits for the next allowed time before Sunday, 31 hours later, and over the caps for room by then. Otherwise it falls out.
 */
export default journey(
  'promotion',
  { enter: every({ weekday: 5, at: '17:00' }), reenter: 'always', budget: { messages: 1, within: '7 days' } },
  async (j) => {
    // later: the segment is the audience
    const isMeant = await j.check('bought sportswear', ({ did }) => hasSportswear(did));
    const isDue = await j.check(
      'not this quarter',
      ({ user, now }) => now - Number(user.flags['promoted'] ?? 0) > QUARTER_MS,
    );
    if (!isMeant || !isDue) return;
    const { status } = await j.send('offer', { email: 'offer' }, { expires: '31 hours', ifCapped: 'hold' });
    if (status === 'sent') await j.flag('promoted', 'promoted', j.event.at);
  },
);
