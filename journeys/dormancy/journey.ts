import { activity, inactivity, journey } from 'sojourn';
import { accountDeleted } from '../events';

/** The stages this journey speaks in. Visitors never asked for mail, and from `dormant` on it is for win-back to speak. */
const PRESENT = ['onboarding', 'active', 'won back'];

/**
 * A nudge after two days of silence and a stronger word after two weeks; it stops the moment the person is back, and begins
 * again no sooner than 14 days after it last began.
 *
 * Who says what to somebody silent: during `onboarding` the nudge on day 2 is onboarding's own, so only the word on
 * day 14 is ours; on day 21 the lifecycle calls the person dormant, and from there on only win-back speaks.
 */
export default journey(
  'dormancy',
  {
    enter: inactivity('48 hours'),
    reenter: { after: '14 days' },
    exit: [activity, accountDeleted],
    budget: { messages: 2, within: '14 days' },
  },
  async (j) => {
    if (!(await j.check('in a stage we nudge', ({ user }) => PRESENT.includes(user.stage))))
      return j.exit('not in a stage we nudge');
    if (await j.check('past onboarding', ({ user }) => user.stage !== 'onboarding'))
      await j.send('nudge', { webPush: 'nudge', email: 'nudge' });

    await j.sleep('two weeks of silence', '12 days');
    if (await j.check('not dormant yet', ({ user }) => PRESENT.includes(user.stage)))
      await j.send('we miss you', { email: 'we-miss-you', webPush: 'we-miss-you' });
  },
);
