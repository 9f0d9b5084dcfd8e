import { journey } from 'sojourn';
import { accountDeleted, orderPlaced, signedUp } from '../events';

/** Welcomes a person who signs up, and reminds once if there is no order after three days. */
export default journey(
  'welcome',
  {
    enter: signedUp,
    exit: [accountDeleted],
    goal: { event: orderPlaced, within: '14 days' },
    budget: { messages: 2, within: '14 days' },
  },
  async (j) => {
    // It answers what the person has just done, so caps and quiet hours do not apply.
    await j.send('welcome', { email: 'welcome' }, { transactional: true });

    let order = await j.waitFor('first order', orderPlaced, { within: '3 days' });
    if (!order) {
      await j.send('reminder', { webPush: 'reminder', email: 'reminder' }); // the first channel that reaches the person
      order = await j.waitFor('first order, reminded', orderPlaced, { within: '11 days' });
    }
    if (!order) return j.exit('no order');
  },
);
