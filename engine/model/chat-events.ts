/** The names of the events of chats. */
export const CHAT_EVENTS = {
  received: 'Chat Message Received',
  sent: 'Chat Message Sent',
  seen: 'Chat Seen',
  reported: 'Chat Reported',
  blocked: 'Chat Blocked',
} as const;
