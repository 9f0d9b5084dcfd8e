import { journey } from 'sojourn';
import { signedUp } from '../events';

/** Says hello a day after the event. */
export default journey('new-journey', { enter: signedUp, budget: { messages: 1, within: '30 days' } }, async (j) => {
  await j.sleep('a day', '1 day');
  await j.send('hello', { email: 'hello' });
});
