import { journey } from 'sojourn';
import { offered } from '../events';

/** One mail nobody has to get. */
export default journey('offer', { enter: offered }, async (j) => {
  await j.send('offer', { email: 'note' });
});
