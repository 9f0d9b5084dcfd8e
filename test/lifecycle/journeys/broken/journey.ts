import { journey } from 'sojourn';
import { broke } from '../events';

/** Sends a mail, then hits a bug. */
export default journey('broken', { enter: broke }, async (j) => {
  await j.send('before the bug', { email: 'note' }, { transactional: true });
  if (j.event.id !== 'example') throw new Error('a bug that names ada@example.com');
});
