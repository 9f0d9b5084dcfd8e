import { journey, type Occurrence } from 'sojourn';
import { passwordResetRequested } from '../events';

const key = ({ properties: { request } }: Occurrence) => (typeof request === 'string' ? request : undefined);

/**
 * At once, whatever the hour and the caps, also to the unsubscribed. Each request is a run of its own, so each gets its mail. The link is
 * forgotten an hour after the request, and the mail expires with it.
 */
export default journey(
  'password-reset',
  { enter: passwordResetRequested, key, transactional: true, budget: { messages: 1, within: '1 hour' } },
  async (j) => {
    await j.send('link', { email: 'link' }, { data: { link: j.event.properties.link } });
  },
);
