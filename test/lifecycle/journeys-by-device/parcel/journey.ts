import { journey } from 'sojourn';
import { parcelSent } from '../events';

/** Tells the person in the app or by LINE, and then the company's systems and colleagues. */
export default journey('parcel', { enter: parcelSent, key: ({ properties }) => properties.parcel }, async (j) => {
  await j.send('person', { push: 'parcel', line: 'parcel' });
  await j.send('crm', { webhook: 'parcel' }, { data: { weight: 3 } });
  await j.send('sales', { slack: 'parcel' });
});
