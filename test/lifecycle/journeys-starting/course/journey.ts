import { journey, manual } from 'sojourn';
import { passed } from '../events';

/** A course of 30 days, which is over when its exam is passed. */
export default journey('course', { enter: manual(), goal: { event: passed, exit: true } }, async (j) => {
  await j.set('level', { level: j.event.properties['level'] ?? null });
  await j.sleep('the course', '30 days');
});
