import { journey } from 'sojourn';
import { accountDeleted, projectCreated, signedUp, teammateInvited } from '../events';

/** The card in the app. `done` counts the completed steps: sign-up, first project, first teammate. */
const CARD = { inApp: 'getting-started' };

/**
 * From sign-up to a working team in three small steps. The card in the app moves with each step. A person without a project
 * after two days gets one nudge. A person with a first project within 14 days is activated.
 */
export default journey(
  'onboarding',
  {
    enter: signedUp,
    exit: [accountDeleted],
    goal: { event: projectCreated, within: '14 days' },
    budget: { messages: 5, within: '30 days' },
  },
  async (j) => {
    // This answers what the person has just done, so caps and quiet hours do not apply.
    await j.send('welcome', { email: 'welcome' }, { transactional: true });
    await j.send('card: signed up', CARD, { data: { done: 1 } });

    let project = await j.waitFor('first project', projectCreated, { within: '48 hours' });
    if (!project) {
      const tone = await j.experiment('nudge tone', { friendly: 1, brief: 1 });
      await j.send('nudge', { webPush: `nudge-${tone}`, email: `nudge-${tone}` });
      project = await j.waitFor('first project, nudged', projectCreated, { within: '12 days' });
    }
    if (!project) return j.exit('not activated');

    await j.flag('activated', 'activated');
    await j.send('card: first project', CARD, { data: { done: 2 } });

    if (!(await j.waitFor('first teammate', teammateInvited, { within: '7 days' }))) return;
    await j.award('first steps', { points: 50, badge: 'Team player' });
    await j.send('card: first teammate', CARD, { data: { done: 3 } });
  },
);
