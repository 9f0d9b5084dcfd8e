import { journey } from 'sojourn';
import { voucherEarned } from '../events';
import { makeVoucher } from '../services';

/** A voucher by our service, at most ten a year. */
export default journey(
  'referral-voucher',
  { enter: voucherEarned, key: ({ properties }) => properties.friend },
  async (j) => {
    const full = await j.check('ten this year', ({ did, local }) => {
      const earned = did(voucherEarned)
        .list()
        .filter((one) => one.local.date.slice(0, 4) === local.date.slice(0, 4));
      return earned.length > 10;
    });
    if (full) return j.exit('ten this year already');
    const code = await j.call('voucher', makeVoucher, { examples: ['V-1'] });
    await j.send('a voucher', { email: 'voucher', inApp: 'voucher' }, { data: { code }, transactional: true });
  },
);
