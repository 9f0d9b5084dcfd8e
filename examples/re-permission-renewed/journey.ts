import { consentGiven, journey } from 'sojourn';

/** Whoever agrees, wherever they do, has two years from then. */
export default journey('re-permission-renewed', { enter: consentGiven, reenter: 'always' }, async (j) => {
  await j.set('consented', { consentedAt: new Date(j.event.at).toISOString() });
});
