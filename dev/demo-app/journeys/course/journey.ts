import { answersTo, journey } from 'sojourn';
import { accountDeleted } from '../../../../journeys/events';
import { courseFinished } from '../events';

/** Few enough stars to ask what went wrong. */
const BAD = 2;

/** Three questions after a course. Of those who liked it little, the trainer wants to hear more. */
export default journey(
  'course',
  {
    enter: courseFinished,
    reenter: 'always',
    exit: [accountDeleted],
    transactional: true,
    budget: { messages: 2, within: '7 days' },
  },
  async (j) => {
    await j.send('how was it', { inApp: 'how-was-it' }, { expires: '7 days' });
    const answer = answersTo('how was it', { stars: 'number', best: 'text', words: 'text' });
    const reply = await j.waitFor('their answers', answer, { within: '7 days' });
    const { stars } = reply?.properties.answers ?? {};
    if (stars !== undefined && stars <= BAD) await j.send('tell the trainer', { inApp: 'tell-the-trainer' });
  },
);
