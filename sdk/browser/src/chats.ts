import type { Item } from './queue';
import { newId } from './session';
import type { Chat, ChatMessage } from './wire';

/** What the user can do in a conversation. The state shows it at once. */
export interface ChatActions {
  /** Says a phrase, by its id, or a text where the conversation takes one. */
  readonly say: (said: { readonly phrase: string } | { readonly text: string }) => void;
  /** Reports that the user has seen all messages so far. */
  readonly seen: () => void;
  /** Reports the conversation, or one message of it, to the team of the app. */
  readonly report: (report?: { readonly reason?: string; readonly messageId?: string }) => void;
  /** From then on, nobody can say anything here. */
  readonly block: () => void;
}

/** A conversation of the user. */
export interface Conversation extends ChatActions {
  /** Undefined while the user is no part of it. */
  readonly state: Chat | undefined;
}

/** Shows what the user did in conversations at once, and until the server's own state shows it. */
export interface Chats {
  /** Notes what the user did, and whether the server has refused it. */
  apply: (item: Item, status?: 'sending' | 'refused') => void;
  /** The conversations of the server, as the user has left them. */
  over: (chats?: readonly Chat[]) => readonly Chat[];
  /** What the user can do in a conversation. */
  of: (chat: string, key: string) => Conversation;
}

/** @param known returns the conversations as they are shown @param push tells the server */
export function createChats(
  now: () => number,
  known: () => readonly Chat[] | undefined,
  push: (item: Item) => void,
): Chats {
  /** What the user did, by its JSON: several pages may tell of the same. */
  const done = new Map<string, { readonly item: Item; readonly at: string; readonly status: 'sending' | 'refused' }>();
  return {
    apply: (item, status = 'sending') => {
      if (item.chat) done.set(JSON.stringify(item), { item, at: new Date(now()).toISOString(), status });
    },
    over: (chats = []) =>
      chats.map((chat) => {
        let { messages, unread, blocked } = chat;
        for (const [name, { item, at, status }] of done) {
          if (item.chat !== pathOf(chat)) continue;
          const { id = '', phrase, text } = { ...item.body } as Readonly<Record<string, string>>;
          if (item.to === 'block') blocked ||= status === 'sending';
          else if (item.to === 'seen') unread = lastOfOthers(chat)?.id === id ? 0 : unread;
          else if (chat.messages.some((one) => one.id === id)) done.delete(name);
          else if (item.to === 'messages') {
            const words = text ?? chat.phrases.find((one) => one.id === phrase)?.text ?? '';
            messages = [...messages, { id, role: chat.role, text: words, at, status }];
          }
        }
        return { ...chat, messages, unread, blocked };
      }),
    of: (chat, key) => {
      const path = pathOf({ chat, key });
      const find = (): Chat | undefined => known()?.find((one) => pathOf(one) === path);
      const tell = (to: Item['to'], body: Item['body'] = {}): void => push({ chat: path, to, body });
      return {
        get state() {
          return find();
        },
        say: (said) => tell('messages', { id: newId(), ...said }),
        seen: () => {
          const state = find();
          const last = state?.unread && lastOfOthers(state);
          if (last) tell('seen', { id: last.id });
        },
        report: (given) => tell('report', given),
        block: () => tell('block'),
      };
    },
  };
}

const pathOf = ({ chat, key }: Pick<Chat, 'chat' | 'key'>): string => [chat, key].map(encodeURIComponent).join('/');

const lastOfOthers = ({ messages, role }: Chat): ChatMessage | undefined =>
  messages.filter((one) => one.role !== role).at(-1);
