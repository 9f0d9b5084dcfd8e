import { activity, journey, stage } from 'sojourn';
import { accountDeleted } from '../events';

/**
 * From `dormant` until `churned`, a month during which nobody else speaks (see dormancy): three words in a louder voice
 * each, first where it costs nobody anything. Any activity is the goal, and ends it at once; without any, the lifecycle
 * calls the person churned and nothing more is sent.
 */
export default journey(
  'win-back',
  {
    enter: stage('dormant'),
    reenter: { after: '90 days' },
    exit: [accountDeleted],
    goal: { event: activity, within: '30 days', exit: true },
    budget: { messages: 3, within: '30 days' },
  },
  async (j) => {
    await j.send('in the app', { inApp: 'welcome-back' });
    await j.sleep('four days', '4 days');
    await j.send('by push', { webPush: 'come-back' });
    await j.sleep('a week more', '7 days');
    await j.sleepUntil('in the morning', { at: '10:00' });
    await j.send('by mail', { email: 'come-back' });
    // Stays open while a return still counts.
    await j.sleep('until churned', '18 days');
    return j.exit('did not come back');
  },
);
