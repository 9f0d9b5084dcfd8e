import { ended, journey } from 'sojourn';
import { joined } from '../events';

/** Gives the course, and remembers how it ended. */
export default journey('intro', { enter: joined }, async (j) => {
  const { entered } = await j.start('give the course', 'course', { data: { level: j.event.properties.level } });
  const end = await j.waitFor('the course is over', ended('course'), { within: '60 days' });
  await j.set('remember', { entered, goalReached: end?.properties.goalReached ?? null });
});
