import { journey } from 'sojourn';
import { accountClosed, letterAsked, letterRead } from '../events';

/** One mail, and a wait that outlasts every test: whoever closes their account meanwhile leaves the journey. */
export default journey('letter', { enter: letterAsked, exit: [accountClosed] }, async (j) => {
  await j.send('letter', { email: 'letter' });
  await j.waitFor('read', letterRead, { within: '1 day' });
});
