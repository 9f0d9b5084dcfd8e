import { z } from 'zod';
import { eventPlace, type EventPlace } from '../../authoring/condition';
import type { Chat } from '../../chats/chat';
import { CHAT_NAME } from '../../chats/schema';
import type { Definitions } from '../../definitions/definitions';
import { messageId } from '../../model/ids';
import type { ChatChange } from '../../model/chat-change';
import { getOwn } from '../../model/own-property';
import { storableText, type Json } from '../../model/json';
import type { StepContext } from '../context';

/** The schema of the name of a role. */
export const roleForm = z
  .string()
  .regex(CHAT_NAME, 'must be 1 to 100 letters, digits, dots, hyphens or underscores')
  .meta({ description: 'A role of the chat, each of which one person has' });

/** The schema of the name of a chat. */
export const chatForm = roleForm.meta({ description: 'The name of a chat, as `chats.ts` declares it' });

/** The name of a chat, which code may give by its name or as it is declared. */
export function chatNameOf(chat: string | Chat): string {
  return typeof chat === 'string' ? chat : chat.name;
}

/** The key of a conversation, in a journey made of data: a text, or its place in an event. */
export type ChatKeyForm = string | EventPlace;

/** The most characters of the key of a conversation. */
const MAX_CHAT_KEY = 200;

export const chatKeyForm: z.ZodType<ChatKeyForm> = z
  .union([z.string().min(1).max(MAX_CHAT_KEY), eventPlace], 'must be a key, or { var } with its place in an event')
  .meta({
    description:
      'What the conversation is about, such as an order id, at most 200 characters, or its place in an event',
  });

/** Why nothing is done in a chat that is not declared. */
export const NO_CHAT = 'chats.ts declares no such chat';

/** The chat of this name, as it is declared. */
export function declaredChat({ chats }: Definitions, name: string): Chat | undefined {
  return chats && getOwn(chats.byName, name);
}

/** Why nothing is done without a key. */
export const NO_KEY = `a key has 1 to ${MAX_CHAT_KEY} characters`;

/** The key as it is stored; null if it can't be one. It may come from data. */
export function chatKeyOf(key: unknown): string | null {
  const text = typeof key === 'number' ? String(key) : key;
  if (typeof text !== 'string' || text.trim() === '' || text.length > MAX_CHAT_KEY) return null;
  return storableText(text) === text ? text : null;
}

/** Changes a conversation, once: the change is saved with the decision. */
export function changeChat({ draft, run, step, wallTime }: StepContext, change: Omit<ChatChange, 'id' | 'at'>): void {
  draft.chats.push({ id: messageId(run.id, step), at: wallTime, ...change });
}

/** Was the change refused? */
export function isRefused(outcome: Json): boolean {
  return (outcome as { refused?: Json } | null)?.refused != null;
}
