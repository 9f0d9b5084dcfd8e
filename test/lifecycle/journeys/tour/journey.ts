import { journey } from 'sojourn';
import { left, poked, started } from '../events';

/** A mail, 150 waits for one event each, and a second mail. */
export default journey('tour', { enter: started, reenter: 'always', exit: [left] }, async (j) => {
  await j.send('hello', { email: 'note' }, { transactional: true });
  for (let round = 1; round <= 150; round++) await j.waitFor(`poke ${round}`, poked);
  await j.send('goodbye', { email: 'note' }, { transactional: true });
});
