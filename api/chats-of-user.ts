import { z } from 'zod';
import type { Chat, Chats } from '../engine/chats/chat';
import type { JsonObject } from '../engine/model/json';
import { languageOf, localized } from '../engine/model/localized';
import { getOwn } from '../engine/model/own-property';
import type { ShownConversation, ShownMessage } from '../store/chats-shown';
import { isoTime, time } from './fields';

/** Schema of a message in a conversation, as a client reads it. */
const chatMessage = z.object({
  id: z.uuid().meta({ description: 'The id of the message' }),
  role: z.string().meta({ description: 'The role of the sender' }),
  name: z.string().optional().meta({
    description:
      'The name of the sender, also after somebody else has taken their place. Missing from what the user said',
  }),
  text: z.string().meta({ description: 'What was said. A phrase is in the language of the reader' }),
  at: time,
});

/** Schema of the conversations of a user, as their client reads them. No id of a user is in them. */
export const chatsOfUser = z.array(
  z.object({
    chat: z.string().meta({ description: 'The name of the chat' }),
    key: z.string().meta({ description: 'What the conversation is about, such as an order id' }),
    role: z.string().meta({ description: 'The role of the user' }),
    open: z.boolean().meta({ description: 'False once it is closed. Then nothing can be said any more' }),
    blocked: z
      .boolean()
      .meta({ description: 'True once somebody has blocked the others. Then nothing can be said any more' }),
    text: z.boolean().meta({ description: 'Whether people may write text of their own' }),
    others: z
      .array(
        z.object({
          role: z.string().meta({ description: 'Their role' }),
          label: z.string().meta({ description: 'What the chat calls the role, in the language of the user' }),
          name: z.string().meta({ description: 'Their name, as the app gave it' }),
          seen: z.uuid().nullable().meta({ description: 'The id of the last message that they have seen' }),
        }),
      )
      .meta({ description: 'The other people of the conversation' }),
    phrases: z
      .array(
        z.object({
          id: z.string().meta({ description: 'The id of the phrase, to send it by' }),
          text: z.string().meta({ description: 'The phrase, in the language of the user' }),
        }),
      )
      .meta({ description: 'What the user can say' }),
    messages: z.array(chatMessage).meta({ description: 'The latest 50, oldest first' }),
    unread: z.int().meta({ description: 'How many of these messages of others the user has not seen' }),
  }),
);

/** What a user is shown of their conversations, in their language. Those of a chat that is not declared any more are left out. */
export function shownChats(
  chats: Chats | undefined,
  conversations: readonly ShownConversation[],
  traits: JsonObject,
): z.infer<typeof chatsOfUser> {
  const language = languageOf(traits);
  return conversations.flatMap(({ chat: name, key, role, closedAt, blocked, others, messages, unread }) => {
    const chat = declaredChat(chats, name);
    if (!chat) return [];
    const { phrases = {} } = getOwn(chat.roles, role) ?? {};
    return {
      chat: name,
      key,
      role,
      open: closedAt === null,
      blocked,
      text: chat.text,
      others: others.map((other) => ({
        role: other.role,
        label: localized(getOwn(chat.roles, other.role)?.label ?? other.role, language),
        name: other.name,
        seen: other.seen,
      })),
      phrases: Object.entries(phrases).map(([id, phrase]) => ({ id, text: localized(phrase, language) })),
      messages: messages.map((message) => messageOf(chat, message, language)),
      unread,
    };
  });
}

/** The chat of this name; undefined when none is declared. */
export function declaredChat(chats: Chats | undefined, name: string): Chat | undefined {
  return chats && getOwn(chats.byName, name);
}

/** A message in a language. A phrase that the chat does not have any more is its id. */
function messageOf(
  { roles }: Chat,
  { id, role, name, phrase, text, at }: ShownMessage,
  language: string,
): z.infer<typeof chatMessage> {
  const said = phrase === null ? text : (getOwn(getOwn(roles, role)?.phrases ?? {}, phrase) ?? phrase);
  return { id, role, ...(name !== null && { name }), text: localized(said ?? '', language), at: isoTime(at) };
}
