import { journey } from 'sojourn';
import { mailWanted } from '../events';

/** Sends an email at once. */
export default journey('mail', { enter: mailWanted }, async (j) => {
  await j.send('mail', { email: 'mail' });
});
