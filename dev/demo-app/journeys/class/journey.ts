import { answered, journey } from 'sojourn';
import { accountDeleted } from '../../../../journeys/events';
import { classBooked } from '../events';

/** A card in the inbox for each class, which asks whether the person comes. The same card says what became of the answer. */
export default journey(
  'class',
  {
    enter: classBooked,
    key: ({ properties }) => (typeof properties['class'] === 'string' ? properties['class'] : undefined),
    exit: [accountDeleted],
    transactional: true,
    budget: { messages: 2, within: '1 day' },
  },
  async (j) => {
    await j.send('do you come', { inApp: 'do-you-come' }, { slot: 'class', expires: '1 day' });
    const answer = await j.waitFor('their answer', answered, { within: '1 day' });
    if (answer?.properties.value === 'no') await j.send('place is free', { inApp: 'place-is-free' }, { slot: 'class' });
  },
);
