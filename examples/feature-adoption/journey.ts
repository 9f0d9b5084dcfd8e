import { journey, milestone } from 'sojourn';
import { filterUsed, viewSaved } from '../events';

/**
 * Uses the filter ten times but never saves a view within 30 days: one tip about saved views, where the filter is used. It gives them a
 * day to find out by themselves.
 */
export default journey(
  'feature-adoption',
  { enter: milestone(filterUsed, [10]), exit: [viewSaved], budget: { messages: 1, within: '365 days' } },
  async (j) => {
    if (await j.check('saves views', ({ did }) => did(viewSaved).count({ within: '30 days' }) > 0)) return;
    await j.sleep('a day to find it', '1 day');
    if (!(await j.waitFor('filter used', filterUsed, { since: 'now', within: '30 days' }))) return;
    await j.send('tip', { inApp: 'tip' }, { slot: 'tip' });
  },
);
