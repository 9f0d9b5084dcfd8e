import { journey } from 'sojourn';
import { friendStarted } from '../events';

/** What Ada gets when Bob has made his first project: once for each invitation. */
export default journey(
  'invite-reward',
  { enter: friendStarted, key: ({ properties }) => properties.token },
  async (j) => {
    if (await j.check('account deleted', ({ user }) => user.stage === 'deleted')) return;
    await j.award('credit', { points: 100 });
    await j.send('thanks', { inApp: 'credit', email: 'credit' });
  },
);
