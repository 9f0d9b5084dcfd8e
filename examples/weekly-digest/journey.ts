import { every, journey } from 'sojourn';
import { whatIsNew } from '../services';

/** Mondays at nine, what is new for you, from our service; nothing new, no mail. */
export default journey('weekly-digest', { enter: every({ weekday: 1, at: '09:00' }), reenter: 'always' }, async (j) => {
  // later: a topic and its frequency on the preference page, in place of this trait
  const isWanted = await j.check('wanted today', ({ user, local }) => {
    const { digest = 'weekly' } = user.traits;
    return digest === 'weekly' || (digest === 'monthly' && local.date.slice(-2) <= '07');
  });
  if (!isWanted) return;
  const examples = [[{ title: 'A reply to your report', url: '/reports/7' }], []];
  const news = await j.call('what is new', whatIsNew, { within: '3 hours', onFailure: 'null', examples });
  if (news && news.length > 0) await j.send('digest', { email: 'digest' }, { data: { news }, expires: '1 day' });
});
