import { journey } from 'sojourn';
import { offered } from '../events';

/** One mail that is not transactional. */
export default journey('offer', { enter: offered }, async (j) => {
  await j.send('offer', { email: 'note' });
});
