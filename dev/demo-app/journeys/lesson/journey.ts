import { answered, journey } from 'sojourn';
import { accountDeleted } from '../../../../journeys/events';
import { lessonRead } from '../events';

const POINTS = 10;

/** A question about what was read. The right answer brings points. */
export default journey(
  'lesson',
  {
    enter: lessonRead,
    key: ({ properties: { lesson } }) => (typeof lesson === 'string' ? lesson : undefined),
    exit: [accountDeleted],
    transactional: true,
    budget: { messages: 1, within: '1 day' },
  },
  async (j) => {
    await j.send('how long', { inApp: 'how-long' }, { data: { points: POINTS }, expires: '1 day' });
    const answer = await j.waitFor('their answer', answered, { within: '1 day' });
    if (answer?.properties.right) await j.award('it is right', { points: POINTS });
  },
);
