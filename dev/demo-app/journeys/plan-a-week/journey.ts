import { journey, milestone } from 'sojourn';
import { accountDeleted } from '../../../../journeys/events';
import { weekPlanned, workoutFinished } from '../events';

/** A tip after the first workout, beside the button that it speaks of. Whoever has found the button has no need of it any more. */
export default journey(
  'plan-a-week',
  {
    enter: milestone(workoutFinished, [1]),
    exit: [accountDeleted],
    goal: { event: weekPlanned, within: '14 days' },
    budget: { messages: 1, within: '14 days' },
  },
  async (j) => {
    await j.send('the button', { inApp: 'the-button' }, { while: 'inside' });
    if (!(await j.waitFor('a plan', weekPlanned, { within: '14 days' }))) return j.exit('no plan');
  },
);
