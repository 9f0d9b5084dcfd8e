import { journey } from 'sojourn';
import { trained } from '../events';

/** Trained on consecutive days: badges at 3, 7 and 30. A badge is given once, so a streak that an upload repairs gets its badges too. */
export default journey(
  'streak',
  { enter: trained, reenter: 'always', freshness: '31 days', budget: { messages: 3, within: '30 days' } },
  async (j) => {
    const days = await j.pick('days running', ({ did }) => did(trained).streak());
    for (const goal of [3, 7, 30]) if (days >= goal) await j.award(`${goal} days`, { badge: `${goal} days running` });
  },
);
