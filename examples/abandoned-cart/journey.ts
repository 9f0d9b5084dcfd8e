import { journey } from 'sojourn';
import { cartUpdated, orderPlaced } from '../events';
import { makeCoupon } from '../services';

const filled = cartUpdated.where({ 'items.length': { atLeast: 1 } });
const emptied = cartUpdated.where({ 'items.length': 0 });

/**
 * One hour after the last change of a cart with something in it, a mail with the items, prices in the shop's currency and the
 * total. A day later, if still no order, one with a coupon from our coupon service.
 */
export default journey(
  'abandoned-cart',
  { enter: filled, reenter: 'restart', key: ({ properties }) => properties.cart, exit: [emptied, orderPlaced] },
  async (j) => {
    await j.sleep('an hour after the last change', '1 hour');
    await j.send('your cart', { email: 'cart' }, { data: { code: null } });
    await j.sleep('a day later', '24 hours');
    const examples = [{ code: 'TEN-4711' }, null];
    const coupon = await j.call('coupon', makeCoupon, { within: '3 hours', onFailure: 'null', examples });
    await j.send('with a coupon', { email: 'cart' }, { data: { code: coupon?.code ?? null } });
  },
);
