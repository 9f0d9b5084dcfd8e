import { journey } from 'sojourn';
import { parcelWaits } from '../events';

/** The time of the fallback is longer than any test: an email can only be one that follows at once. */
export default journey('patient', { enter: parcelWaits }, async (j) => {
  await j.send('parcel', { push: 'parcel', email: 'parcel' }, { fallback: { unless: 'opened', after: '300 days' } });
});
