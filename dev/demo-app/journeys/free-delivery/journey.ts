import { journey } from 'sojourn';
import { accountDeleted, orderPlaced } from '../../../../journeys/events';
import { shopOpened } from '../events';

/** A banner for those who look around in the shop, at most once a week. Whoever orders has no need of it any more. */
export default journey(
  'free-delivery',
  {
    enter: shopOpened,
    reenter: { after: '7 days' },
    exit: [accountDeleted],
    goal: { event: orderPlaced, within: '3 days' },
    budget: { messages: 1, within: '7 days' },
  },
  async (j) => {
    await j.send('free this week', { inApp: 'free-this-week' }, { while: 'inside' });
    if (!(await j.waitFor('an order', orderPlaced, { within: '3 days' }))) return j.exit('no order');
  },
);
