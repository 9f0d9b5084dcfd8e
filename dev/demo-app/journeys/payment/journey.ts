import { journey } from 'sojourn';
import { accountDeleted } from '../../../../journeys/events';
import { paymentFailed } from '../events';

/** The one message that interrupts: the person waits for an order that does not come. */
export default journey(
  'payment',
  {
    enter: paymentFailed,
    reenter: 'always',
    exit: [accountDeleted],
    transactional: true,
    budget: { messages: 1, within: '1 hour' },
  },
  async (j) => {
    await j.send('not paid', { inApp: 'not-paid' }, { expires: '1 day' });
  },
);
