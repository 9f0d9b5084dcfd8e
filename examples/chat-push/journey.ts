import { anyOf, chatMessageReceived, chatMessageSent, chatSeen, journey } from 'sojourn';

/** Somebody wrote to them in a chat, and twenty seconds later they have neither seen it nor answered: a push. */
export default journey(
  'chat-push',
  {
    enter: chatMessageReceived,
    key: ({ properties: { chat, key } }) => (chat === undefined || key === undefined ? undefined : `${chat}/${key}`),
    reenter: 'always',
    transactional: true,
  },
  async (j) => {
    if (await j.waitFor('seen', anyOf(chatSeen, chatMessageSent), { within: '20 seconds' })) return;
    await j.send('push', { webPush: 'message' }, { expires: '10 minutes' });
  },
);
