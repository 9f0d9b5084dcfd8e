import { journey } from 'sojourn';
import { changed, requested } from '../events';

/** Sends the link, and stays open after it is forgotten. */
export default journey('reset', { enter: requested, transactional: true }, async (j) => {
  const { link } = j.event.properties;
  const known = await j.check('knows the link', () => link !== undefined);
  await j.send('link', { email: 'link' }, { data: { link } });
  await j.waitFor('changed', changed, { within: '30 days' });
  await j.set('remember', { known, linkAtTheEnd: link ?? 'forgotten' });
});
