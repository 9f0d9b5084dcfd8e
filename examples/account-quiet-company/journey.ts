import { journey } from 'sojourn';
import { adminIsToldToo, companyWentQuiet } from '../events';
import { tellInChat } from '../services';

/** The company, which is a user of its own: its owner at ours is told in chat, and its admin by mail, once a quarter. */
export default journey(
  'account-quiet-company',
  { enter: companyWentQuiet, reenter: { after: '90 days' } },
  async (j) => {
    const { company, owner, admin } = j.event.properties;
    if (admin !== null) await j.track('tell the admin', { userId: admin }, adminIsToldToo, {});
    // later: the chat is a channel
    const text = `${company} uses us half as much as a month ago.`;
    await j.call('tell the owner', (context) => tellInChat(context, { to: owner, text }));
  },
);
