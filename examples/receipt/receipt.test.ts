import { templatesIn, traveller } from 'sojourn/testing';
import { orderPaid } from '../events';
import policy from '../policy';
import receipt from './journey';

const order = (n: number) => ({ order: `A-${n}`, total: 84.5, currency: 'EUR' });
const options = { with: { policy }, templates: templatesIn('examples') };

test('the receipt goes out at once, at night, over the caps and to the unsubscribed', async () => {
  const ada = traveller(receipt, { ...options, at: '2026-01-06T03:00:00Z', consent: { email: false } });
  for (let n = 1; n <= 5; n++) await ada.track(orderPaid, order(n));
  expect(ada.mailbox.map(({ subject }) => subject)).toEqual([1, 2, 3, 4, 5].map((n) => `Receipt for order A-${n}`));
});

test('an order that is told of twice has one receipt', async () => {
  const ada = traveller(receipt, options);
  await ada.track(orderPaid, order(1));
  await ada.track(orderPaid, order(1));
  expect(ada.messages).toHaveLength(1);
});
