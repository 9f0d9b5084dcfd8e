import { journey } from 'sojourn';
import { accountDeleted, friendStarted, invitationAccepted, projectCreated } from '../events';

/**
 * Ada invites Bob by mail. When Bob joins and makes his first project within 14 days, both get credit and a message. (This is what
 * Bob gets.)
 */
export default journey(
  'invite',
  { enter: invitationAccepted, goal: { event: projectCreated, within: '14 days' }, exit: [accountDeleted] },
  async (j) => {
    const { token, by } = j.event.properties;
    let project = await j.waitFor('first project', projectCreated, { within: '4 days' });
    if (!project) {
      await j.send('nudge', { webPush: 'nudge', email: 'nudge' });
      project = await j.waitFor('first project, nudged', projectCreated, {
        until: { after: new Date(j.event.at), by: '14 days' },
      });
    }
    if (!project) return j.exit('no project within 14 days');
    await j.award('credit', { points: 100 });
    await j.send('thanks', { inApp: 'credit', email: 'credit' });
    await j.track('tell who invited', { userId: by }, friendStarted, { token });
  },
);
