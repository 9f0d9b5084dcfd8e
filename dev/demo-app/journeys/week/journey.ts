import { journey } from 'sojourn';
import { accountDeleted } from '../../../../journeys/events';
import { weekPlanned, workoutFinished } from '../events';

/** Sent again with each workout: messages of one slot are one card. */
const CARD = { inApp: 'your-week' };

/** A checklist of the week that the person has planned, with two workouts. */
export default journey(
  'week',
  {
    enter: weekPlanned,
    reenter: { after: '7 days' },
    exit: [accountDeleted],
    budget: { messages: 3, within: '7 days' },
  },
  async (j) => {
    await j.send('planned', CARD, { slot: 'week', data: { done: 0 } });
    if (!(await j.waitFor('first workout', workoutFinished, { within: '4 days' }))) return j.exit('no workout');
    await j.send('one done', CARD, { slot: 'week', data: { done: 1 } });
    if (!(await j.waitFor('second workout', workoutFinished, { since: 'now', within: '3 days' })))
      return j.exit('one workout');
    await j.send('both done', CARD, { slot: 'week', data: { done: 2 } });
  },
);
