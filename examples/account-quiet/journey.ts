import { every, journey, type Facts } from 'sojourn';
import { adminIsToldToo, companyWentQuiet, featureUsed } from '../events';

/** What there is to say of the company, and whether this person says it: the admin last seen does, else the member last seen. */
function quietCompany({ user, group, did }: Facts) {
  const { id: company, traits, members } = group('company');
  if (company === null || !(Number(traits['seats']) >= 5)) return null;
  const [admin] = members.list({ where: { role: 'admin' }, atMost: 1 });
  const [speaker = null] = admin ? [admin] : members.list({ atMost: 1 });
  if (speaker?.id !== user.id) return null;
  const used = did(featureUsed).of('company');
  const thisMonth = used.count({ within: '30 days' });
  const lastMonth = used.count({ within: '60 days' }) - thisMonth;
  if (lastMonth === 0 || thisMonth > lastMonth / 2) return null;
  const { owner } = traits;
  return { admin: admin?.id ?? null, company, owner: typeof owner === 'string' ? owner : 'sales' };
}

/**
 * A company with five or more seats and half of last month's use is looked for on Mondays at nine. Whether its quarter is over is known
 * to the company, which tells its owner, and lets its admin be told by mail.
 */
export default journey('account-quiet', { enter: every({ weekday: 1, at: '09:00' }), reenter: 'always' }, async (j) => {
  const quiet = await j.pick('a quiet company', quietCompany);
  if (quiet === null) return;
  await j.track('tell the company', { userId: `company:${quiet.company}` }, companyWentQuiet, quiet);
  if (quiet.admin === null) return;
  const isTold = await j.waitFor('once a quarter', adminIsToldToo, { within: '1 hour' });
  if (isTold) await j.send('less than before', { email: 'less-than-before' });
});
