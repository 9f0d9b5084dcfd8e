import { every, journey } from 'sojourn';
import { trained } from '../events';

/** At 20:00 a reminder, when today is still missing and the streak is 3 or more. */
export default journey(
  'streak-reminder',
  { enter: every({ at: '20:00' }), reenter: 'always', budget: { messages: 1, within: '1 day' } },
  async (j) => {
    const isAtRisk = await j.check(
      'streak at risk',
      ({ did, local }) => did(trained).streak() >= 3 && did(trained).last?.local.date !== local.date,
    );
    if (isAtRisk) await j.send('reminder', { webPush: 'reminder' }, { expires: '2 hours' });
  },
);
