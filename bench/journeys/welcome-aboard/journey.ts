import { journey } from 'sojourn';
import { activated, signedUp } from '../events';

/** The measured journey: sign-up, welcome, activation, congratulation. `bench/native/workflow.ts` implements the same by hand. */
export default journey('welcome-aboard', { enter: signedUp }, async (j) => {
  await j.send('welcome', { email: 'welcome' });
  if (!(await j.waitFor('activation', activated, { within: '48 hours' }))) return;
  await j.send('congratulation', { email: 'congratulation' });
});
