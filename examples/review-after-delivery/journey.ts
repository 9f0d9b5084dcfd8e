import { answered, anyOf, journey } from 'sojourn';
import { orderReturned, parcelDelivered, reviewWritten } from '../events';

/** Five days after delivery, ask for stars in a mail and the app. */
export default journey(
  'review-after-delivery',
  {
    enter: parcelDelivered.where({ parcelsLeft: 0 }),
    key: ({ properties }) => properties.order,
    exit: [orderReturned],
    goal: { event: anyOf(answered, reviewWritten), exit: true },
  },
  async (j) => {
    const { order } = j.event.properties;
    await j.sleep('five days', '5 days');
    const returned = await j.check('returned', ({ did }) => did(orderReturned.where({ order })).count() > 0);
    if (returned) return j.exit('returned before the last parcel');
    await j.send('in the app', { inApp: 'stars' });
    await j.send('by mail', { email: 'stars' });
    await j.sleep('time to answer', '30 days');
    return j.exit('no answer');
  },
);
