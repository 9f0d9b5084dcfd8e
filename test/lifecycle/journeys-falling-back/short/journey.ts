import { journey } from 'sojourn';
import { parcelReturns } from '../events';

/** The push expires long before the time of the fallback. */
export default journey('short', { enter: parcelReturns }, async (j) => {
  await j.send(
    'parcel',
    { push: 'parcel', email: 'parcel' },
    { expires: '1 hour', fallback: { unless: 'opened', after: '300 days' } },
  );
});
