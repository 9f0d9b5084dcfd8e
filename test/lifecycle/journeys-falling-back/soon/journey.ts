import { journey } from 'sojourn';
import { parcelSent } from '../events';

/** The email follows after four hours. */
export default journey('soon', { enter: parcelSent }, async (j) => {
  await j.send('parcel', { push: 'parcel', email: 'parcel' }, { fallback: { unless: 'opened', after: '4 hours' } });
});
