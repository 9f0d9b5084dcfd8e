import { confirmationRequested, journey, type Occurrence } from 'sojourn';

const key = ({ properties: { topic } }: Occurrence) => (typeof topic === 'string' ? topic : undefined);

/** Somebody who says yes to a topic with double opt-in gets one mail at once, with a link that confirms it. Asked again, they get another. */
export default journey(
  'confirm-subscription',
  { enter: confirmationRequested, key, reenter: 'restart', transactional: true },
  async (j) => {
    await j.send('please confirm', { email: 'confirm' }, { expires: '1 day' });
  },
);
