import { activity, inactivity, journey } from 'sojourn';
import { accountDeleted } from '../events';

/** The stages in which this journey sends. Visitors never asked for mail, and from `dormant` on win-back takes over. */
const PRESENT = ['onboarding', 'active', 'won back'];

/**
 * Sends a nudge after two days of silence and a stronger message after two weeks. The run ends the moment the person comes
 * back. The next one starts at least 14 days after this one started.
 *
 * Other journeys write to silent people too. During `onboarding`, the onboarding journey sends its own nudge on day 2, so
 * this one sends only the message on day 14. On day 21 the lifecycle moves the person to `dormant`, and from then on only
 * win-back sends.
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
