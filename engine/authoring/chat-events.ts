import { z } from 'zod';
import { CHAT_EVENTS } from '../model/chat-events';
import { event } from './event';

const about = {
  /** The name of the chat, as `chats.ts` declares it. */
  chat: z.string(),
  /** The key of the conversation, such as an order id. */
  key: z.string(),
};

/** The id of a message. */
const MESSAGE_ID = z.string();

const EXAMPLE = { chat: 'delivery', key: 'order-7' } as const;
const MESSAGE = '0b0f6c1e-8a44-4b0e-9a51-3d1f1d0f7c52';

/*
 * What happens in conversations between users. The events hold roles and ids of messages, and nothing that anyone has written.
 */

/** Another person said something in the conversation. It only happens to the user, so it is no activity of theirs. */
export const chatMessageReceived = event(
  CHAT_EVENTS.received,
  z.object({
    ...about,
    /** The role of the sender. */
    from: z.string(),
    message: MESSAGE_ID,
  }),
  { ...EXAMPLE, from: 'courier', message: MESSAGE },
);
/** The person said something in the conversation. */
export const chatMessageSent = event(
  CHAT_EVENTS.sent,
  z.object({
    ...about,
    /** The person's own role. */
    role: z.string(),
    message: MESSAGE_ID,
  }),
  { ...EXAMPLE, role: 'customer', message: MESSAGE },
);
/** The person saw the latest messages of the conversation. It does not count as activity, because apps report it by themselves. */
export const chatSeen = event(CHAT_EVENTS.seen, z.object(about), EXAMPLE);
/** The person reported another person of the conversation, who has this role. */
export const chatReported = event(CHAT_EVENTS.reported, z.object({ ...about, role: z.string() }), {
  ...EXAMPLE,
  role: 'courier',
});
/** The person blocked the others: nobody can say anything in the conversation any more. */
export const chatBlocked = event(CHAT_EVENTS.blocked, z.object(about), EXAMPLE);

/** The events of chats, by name. */
export const CHAT_EVENTS_BY_NAME = new Map(
  [chatMessageReceived, chatMessageSent, chatSeen, chatReported, chatBlocked].map((one) => [one.name, one] as const),
);
