import { journey } from 'sojourn';
import { accountDeleted } from '../../../../journeys/events';
import { timetableOpened } from '../events';

/** A vote on what comes next, for those who look at the timetable. Everybody votes in the same poll. */
export default journey(
  'next-class',
  {
    enter: timetableOpened,
    reenter: { after: '90 days' },
    exit: [accountDeleted],
    budget: { messages: 1, within: '90 days' },
  },
  async (j) => {
    await j.send('which class', { inApp: 'which-class' }, { expires: '30 days' });
  },
);
