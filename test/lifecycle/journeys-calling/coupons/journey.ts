import { journey } from 'sojourn';
import { asked } from '../events';

/** Asks the service of the event for a coupon, twice at most, and remembers what came. */
export default journey('coupons', { enter: asked, reenter: 'always' }, async (j) => {
  const { service, onFailure } = j.event.properties;
  const coupon = await j.call(
    'coupon',
    async ({ user, idempotencyKey }) => {
      const response = await fetch(service, { headers: { 'idempotency-key': idempotencyKey } });
      const { status } = response;
      if (!response.ok) throw Object.assign(new Error(`no coupon for ${JSON.stringify(user.traits)}`), { status });
      return (await response.json()) as { readonly code: string };
    },
    { attempts: 3, onFailure },
  );
  await j.set('remember', { coupon: coupon?.code ?? 'none' });
});
