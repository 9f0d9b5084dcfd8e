import { answered, anyOf, journey } from 'sojourn';
import { reviewWritten } from '../events';
import { openTicket } from '../services';

const badAnswer = answered.where({ journey: 'review-after-delivery', value: ['1', '2'] });
const badReview = reviewWritten.where({ stars: { atMost: 2 } });

/** A bad one goes to support. */
export default journey(
  'review-after-delivery-support',
  { enter: anyOf(badAnswer, badReview), reenter: 'always', key: ({ id }) => id },
  async (j) => {
    await j.call('ticket', (context) => openTicket(context, { ...j.event.properties, about: 'a bad review' }));
    await j.send('we look into it', { email: 'we-look-into-it' });
  },
);
