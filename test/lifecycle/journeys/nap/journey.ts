import { journey } from 'sojourn';
import { napped } from '../events';

/** Two short sleeps. The second one moves the deadline of the timer. */
export default journey('nap', { enter: napped }, async (j) => {
  await j.sleep('a moment', '1 second');
  await j.sleep('another', '1 second');
});
