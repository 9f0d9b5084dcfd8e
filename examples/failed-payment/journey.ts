import { journey, type When } from 'sojourn';
import { cardChanged, invoicePaid, paymentFailed } from '../events';
import { closeAccount } from '../services';

/** Everything is paid: the account owes nothing more. */
const settled = invoicePaid.where({ owed: 0 });

/** The notices with ever clearer words, and on which day each is due. The last one says that the account is closed. */
const NOTICES = { failed: 0, reminder: 3, urgent: 5, 'last-warning': 7, closed: 10 } as const;

/** All but the last notice keep the night. */
const DAY = { between: ['08:00', '22:00'] } as const;

/**
 * A retry notice at once and on day 3, 5 and 7, with ever clearer words; on day 10 the account closes. When all is paid it stops and
 * says thanks. After a change of the card there is no further notice for 24 hours.
 */
export default journey(
  'failed-payment',
  { enter: paymentFailed, reenter: 'always', transactional: true, budget: { messages: 5, within: '30 days' } },
  async (j) => {
    const thankIfPaidBy = async (step: string, until: When) => {
      if (!(await j.waitFor(step, settled, { until }))) return;
      await j.send('thanks', { email: 'thanks' });
      await j.exit('paid');
    };
    for (const [notice, day] of Object.entries(NOTICES)) {
      const isLast = notice === 'closed';
      await thankIfPaidBy(`${notice} is due`, { after: new Date(j.event.at), by: `${day} days` });
      // The card may be changed again while a notice waits for an earlier change, or for the morning after it.
      for (let n = 1, known: number | null = null; ; n++) {
        if (!isLast) await thankIfPaidBy(`day ${n} before ${notice}`, DAY);
        const changed = await j.pick(`card ${n} before ${notice}`, ({ did }) => did(cardChanged).last?.at ?? 0);
        if (changed === known) break;
        await thankIfPaidBy(`24 hours ${n} before ${notice}`, { after: new Date(changed), by: '24 hours' });
        known = changed;
      }
      if (isLast) await j.call('close the account', closeAccount);
      await j.send(notice, { email: notice });
    }
  },
);
