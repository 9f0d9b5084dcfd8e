import { before, journey, trait } from 'sojourn';

/** Three days before a date that may move. */
export default journey('trial-ends', { enter: before(trait('trialEndsAt'), '3 days') }, async (j) => {
  await j.set('remember', { reminded: true });
});
