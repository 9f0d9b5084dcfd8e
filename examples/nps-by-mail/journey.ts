import { inactivity, journey } from 'sojourn';
import { mayBeAsked } from '../nps/journey';

/** No app session for 60 days: the question comes by mail, and its link leads to a page with the scale. */
export default journey('nps-by-mail', { enter: inactivity('60 days'), reenter: { after: '183 days' } }, async (j) => {
  const isDue = await j.check('may be asked', ({ did, now }) => mayBeAsked(did, now));
  if (!isDue) return j.exit('not asked', { uncounted: true });
  await j.send('question', { email: 'do-you-enjoy-it' });
});
