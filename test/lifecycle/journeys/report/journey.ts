import { journey, manual } from 'sojourn';
import { left } from '../events';

/** One mail that expires after a few seconds. */
export default journey('report', { enter: manual(), reenter: 'always', exit: [left] }, async (j) => {
  await j.send('report', { email: 'note' }, { transactional: true, expires: '12 seconds' });
});
