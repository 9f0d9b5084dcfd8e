import { journey } from 'sojourn';
import { projectCreated, started } from '../events';

/** Remembers what kind of company the user belongs to. */
export default journey('seats', { enter: started }, async (j) => {
  const isLarge = await j.check('large', ({ group }) => Number(group('company').traits['seats']) > 50);
  const busy = await j.pick('busy', ({ did, group }) => [
    group('company').members.count,
    did(projectCreated).of('company').count({ within: '30 days' }),
  ]);
  await j.set('remember', { size: isLarge ? 'large' : 'small', busy });
});
