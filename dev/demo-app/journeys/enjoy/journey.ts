import { answersTo, journey } from 'sojourn';
import { accountDeleted, orderCompleted } from '../../../../journeys/events';

/** After a good moment, at most twice a year: whoever enjoys the app is led to the store, and whoever does not is asked why. */
export default journey(
  'enjoy',
  {
    enter: orderCompleted,
    reenter: { after: '183 days' },
    exit: [accountDeleted],
    budget: { messages: 2, within: '183 days' },
  },
  async (j) => {
    await j.send('do you enjoy it', { inApp: 'do-you-enjoy-it' }, { expires: '7 days' });
    const answer = answersTo('do you enjoy it', { love: 'text', feedback: 'text' });
    const reply = await j.waitFor('their answer', answer, { within: '7 days' });
    if (reply?.properties.answers.feedback !== undefined) await j.send('we read it', { inApp: 'we-read-it' });
  },
);
