import { z } from 'zod';
import { CHAT_EVENTS } from '../model/chat-events';
import { event } from './event';

const about = {
  /** The name of the chat. */
  chat: z.string(),
  /** The key of the conversation, such as an order id. */
  key: z.string(),
};
const EXAMPLE = { chat: 'delivery', key: 'order-7' };
const MESSAGE = '5d6c0a0e-3b6f-4f0e-9d0c-2f6a6f1c7b11';

/*
 * What people do in conversations. No event contains what was said: a journey can send "Bob wrote to you", and the app shows what.
 */

/** Another person said something to this one, in the role `from`. It is no activity. `message` is the id of the message. */
export const chatMessageReceived = event(
  CHAT_EVENTS.received,
  z.object({ ...about, from: z.string(), message: z.string() }),
  { ...EXAMPLE, from: 'courier', message: MESSAGE },
);

/** The person said something, in their role. */
export const chatMessageSent = event(CHAT_EVENTS.sent, z.object({ ...about, role: z.string(), message: z.string() }), {
  ...EXAMPLE,
  role: 'customer',
  message: MESSAGE,
});

/** The person has seen what the others said. It is no activity, because apps report it by themselves. */
export const chatSeen = event(CHAT_EVENTS.seen, z.object(about), EXAMPLE);

/** The person reported a message, or the other person. `role` is that of the other. */
export const chatReported = event(CHAT_EVENTS.reported, z.object({ ...about, role: z.string() }), {
  ...EXAMPLE,
  role: 'courier',
});

/** The person blocked the others: nobody can say anything in the conversation any more. */
export const chatBlocked = event(CHAT_EVENTS.blocked, z.object(about), EXAMPLE);

/** The events of conversations, by name. */
export const CHAT_EVENTS_BY_NAME = new Map(
  [chatMessageReceived, chatMessageSent, chatSeen, chatReported, chatBlocked].map((one) => [one.name, one] as const),
);
