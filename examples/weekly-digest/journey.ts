import { every, journey } from 'sojourn';
import { whatIsNew } from '../services';

/** Mondays at nine, what is new for you, from our service; nothing new, no mail. Not to those who left the topic, and never twice a week to those who want it weekly. */
export default journey(
  'weekly-digest',
  { enter: every({ weekday: 1, at: '09:00' }), reenter: 'always', topic: 'digest' },
  async (j) => {
    const examples = [[{ title: 'A reply to your report', url: '/reports/7' }], []];
    const news = await j.call('what is new', whatIsNew, { within: '3 hours', onFailure: 'null', examples });
    if (news && news.length > 0) await j.send('digest', { email: 'digest' }, { data: { news }, expires: '1 day' });
  },
);
