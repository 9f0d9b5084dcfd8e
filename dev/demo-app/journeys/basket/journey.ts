import { journey } from 'sojourn';
import { accountDeleted, orderPlaced } from '../../../../journeys/events';
import { basketLeft } from '../events';

/** A reminder of what is in the basket, which the person may put off. An order ends it. */
export default journey(
  'basket',
  {
    enter: basketLeft,
    reenter: 'always',
    exit: [accountDeleted],
    goal: { event: orderPlaced, within: '1 day' },
    budget: { messages: 1, within: '1 day' },
  },
  async (j) => {
    await j.send('still here', { inApp: 'still-here' }, { while: 'inside' });
    if (!(await j.waitFor('an order', orderPlaced, { within: '1 day' }))) return j.exit('no order');
  },
);
