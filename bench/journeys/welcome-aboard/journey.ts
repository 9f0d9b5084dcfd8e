import { journey } from 'sojourn';
import { activated, signedUp } from '../events';

/** What the bench measures: sign up, a welcome, activation, a congratulation. `bench/native/workflow.ts` does the same by hand. */
export default journey('welcome-aboard', { enter: signedUp }, async (j) => {
  await j.send('welcome', { email: 'welcome' });
  if (!(await j.waitFor('activation', activated, { within: '48 hours' }))) return;
  await j.send('congratulation', { email: 'congratulation' });
});
