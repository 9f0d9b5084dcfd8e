import { activity, journey, stage } from 'sojourn';
import { accountDeleted } from '../events';

/**
 * Sends three messages in the month between `dormant` and `churned`, each harder to overlook: in the app, by push, by mail. No
 * other journey writes to the person in that month (see dormancy). Any activity reaches the goal and ends the run at once.
 * Without any, the lifecycle moves the person to `churned` and nothing more is sent.
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
    // The run stays open as long as a return still reaches the goal.
    await j.sleep('until churned', '18 days');
    return j.exit('did not come back');
  },
);
