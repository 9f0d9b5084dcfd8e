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
  /** Notes what the user did. */
  apply: (item: Item) => void;
  /** Notes that the server has refused it: a message stays and says so, all else is forgotten. */
  refuse: (item: Item) => void;
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
  const note = (item: Item, status: 'sending' | 'refused'): void => {
    // A report changes nothing that is shown.
    if (item.chat && item.to !== 'report')
      done.set(JSON.stringify(item), { item, at: new Date(now()).toISOString(), status });
  };
  return {
    apply: (item) => note(item, 'sending'),
    refuse: (item) => (item.to === 'messages' ? note(item, 'refused') : void done.delete(JSON.stringify(item))),
    over: (chats = []) =>
      chats.map((chat) => {
        let { messages, unread, blocked } = chat;
        for (const [name, { item, at, status }] of done) {
          if (item.chat !== pathOf(chat)) continue;
          const { id = '', phrase, text } = { ...item.body } as Readonly<Record<string, string>>;
          const { to } = item;
          if (isKnown(chat, to, id)) done.delete(name);
          else if (to === 'block') blocked = true;
          else if (to === 'seen') unread = 0;
          else if (to === 'messages') {
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

/** Whether the server shows by itself what was done. From then on it decides: it may let people talk again who were blocked. */
function isKnown(chat: Chat, to: Item['to'], id: string): boolean {
  if (to === 'block') return chat.blocked;
  if (to === 'seen') return !chat.unread || lastOfOthers(chat)?.id !== id;
  return chat.messages.some((one) => one.id === id);
}

const lastOfOthers = ({ messages, role }: Chat): ChatMessage | undefined =>
  messages.filter((one) => one.role !== role).at(-1);
