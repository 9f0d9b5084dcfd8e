/** The names of the events that say what happened in a conversation. No event contains what was said. */
export const CHAT_EVENTS = {
  received: 'Chat Message Received',
  sent: 'Chat Message Sent',
  seen: 'Chat Seen',
  reported: 'Chat Reported',
  blocked: 'Chat Blocked',
} as const;
