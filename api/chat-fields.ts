import { z } from 'zod';
import { CHAT_NAME, MOST_ROLES, NAME_LENGTH, TEXT_LENGTH } from '../engine/chats/schema';
import { text, time } from './fields';
import { isPlaceholder } from './segment/placeholder-id';

/** The path parameters of a conversation. */
export const conversationParams = z.object({
  chat: z
    .string()
    .regex(CHAT_NAME, 'must be the name of a chat')
    .meta({ description: 'The name of the chat', examples: ['delivery'] }),
  key: text
    .min(1)
    .max(200)
    .meta({ description: 'What the conversation is about, such as an order id', examples: ['order-7'] }),
});

/** The id of a message. */
export const messageId = z.uuid().toLowerCase();

const WRITTEN = `must be text of 1 to ${TEXT_LENGTH} characters`;
const written = text.trim().min(1, WRITTEN).max(TEXT_LENGTH, WRITTEN);

/** Schema of the participants of a conversation. */
export const participants = z
  .array(
    z.object({
      userId: text
        .min(1)
        .max(205)
        .refine((given) => given.trim() !== '' && !isPlaceholder(given), 'must be the id of a user')
        .meta({ description: 'The id of a user, each of whom may take part once' }),
      role: text.meta({ description: 'A role of the chat' }),
      name: text
        .trim()
        .min(1)
        .max(NAME_LENGTH)
        .meta({ description: 'What the others see, such as a first name. They never see the id' }),
    }),
  )
  .min(2)
  .max(MOST_ROLES)
  .meta({ description: 'Who takes part, each in a role of their own' });

/** Schema of what somebody says. */
export const saying = z
  .object({
    id: messageId.meta({ description: 'Made by the client. The same message again is accepted, and said once' }),
    phrase: text.optional().meta({ description: 'The id of a phrase of the role' }),
    text: written.optional().meta({ description: 'If the chat allows text' }),
  })
  .refine(
    ({ phrase, text: said }) => (phrase === undefined) !== (said === undefined),
    'must have either a phrase or a text',
  );

/** Schema of a report. */
export const report = z.object({
  reason: written.optional().meta({ description: 'Why, in the words of the user. Support reads it' }),
  messageId: messageId.optional().meta({ description: 'A message of somebody else. Default: none in particular' }),
});

/** Schema of a message that was taken. */
export const takenMessage = z
  .object({
    id: z.uuid().meta({ description: 'The id of the message' }),
    role: z.string().meta({ description: 'The role of the sender' }),
    at: time,
  })
  .meta({ id: 'TakenMessage' });

/** Schema of a conversation, as support reads it. */
export const supportedConversation = z.object({
  chat: z.string().meta({ description: 'The name of the chat' }),
  key: z.string().meta({ description: 'What the conversation is about, such as an order id' }),
  open: z.boolean().meta({ description: 'False once it is closed' }),
  blocked: z.boolean().meta({ description: 'True once somebody has blocked the others' }),
  changedAt: time.meta({ description: 'When it was last opened or closed. On the journey clock' }),
  deleteAt: time.meta({ description: 'When it is deleted, if nothing happens meanwhile. On the journey clock' }),
  participants: z
    .array(
      z.object({
        userId: z.string().meta({ description: 'The id of the user' }),
        role: z.string().meta({ description: 'Their role' }),
        name: z.string().meta({ description: 'What the others see' }),
        leftAt: time.nullable().meta({ description: 'When somebody else took their place' }),
      }),
    )
    .meta({ description: 'Everybody who takes part or has taken part' }),
  messages: z
    .array(
      z.object({
        id: z.uuid().meta({ description: 'The id of the message' }),
        userId: z.string().meta({ description: 'The id of the sender' }),
        role: z.string().meta({ description: 'The role of the sender' }),
        phrase: z.string().nullable().meta({ description: 'The id of the phrase; null if it is a text' }),
        text: z.string().nullable().meta({ description: 'What was written; null if it is a phrase' }),
        at: time,
      }),
    )
    .meta({ description: 'The latest 500, oldest first' }),
  reports: z
    .array(
      z.object({
        userId: z.string().meta({ description: 'Who reported' }),
        role: z.string().meta({ description: 'The role of whoever was reported' }),
        messageId: z
          .uuid()
          .nullable()
          .meta({ description: 'The message that was reported; null if none in particular' }),
        reason: z
          .string()
          .nullable()
          .meta({ description: 'Why, in the words of whoever reported; null if they gave none' }),
        at: time,
      }),
    )
    .meta({ description: 'What was reported' }),
});
