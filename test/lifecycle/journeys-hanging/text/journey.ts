import { journey } from 'sojourn';
import { textWanted } from '../events';

/** Sends an SMS at once. */
export default journey('text', { enter: textWanted }, async (j) => {
  await j.send('text', { sms: 'text' });
});
