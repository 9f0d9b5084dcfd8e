import { journey, type Occurrence } from 'sojourn';
import { orderPaid } from '../events';

const key = ({ properties: { order } }: Occurrence) => (typeof order === 'string' ? order : undefined);

/** At once, whatever the hour and the caps, also to the unsubscribed: one receipt for each order. */
export default journey(
  'receipt',
  { enter: orderPaid, key, transactional: true, budget: { messages: 1, within: '30 days' } },
  async (j) => {
    await j.send('receipt', { email: 'receipt' });
  },
);
