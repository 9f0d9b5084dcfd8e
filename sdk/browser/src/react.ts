import {
  createContext,
  createElement,
  useCallback,
  useContext,
  useMemo,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from 'react';
import type { ChatActions } from './chats';
import type { Client } from './client';
import type { Answer, Chat, Json, Message, Reaction, State } from './wire';

const Context = createContext<Client | null>(null);

/** Gives the client to the components inside. Without a client, as on the server, they see no messages and the fallbacks of flags. */
export function SojournProvider({ client, children }: { client: Client | null; children?: ReactNode }): ReactElement {
  return createElement(Context.Provider, { value: client }, children);
}

/** The client of the provider; null without one. */
export function useSojourn(): Client | null {
  return useContext(Context);
}

/** The state, anew whenever it changes. */
function useSojournState(): State | undefined {
  const client = useSojourn();
  const subscribe = useCallback((listener: () => void) => client?.subscribe(listener) ?? (() => undefined), [client]);
  return useSyncExternalStore(
    subscribe,
    () => client?.state,
    () => undefined,
  );
}

const NONE: readonly Message[] = [];

/** The messages, the latest first, and how many of them the user has not seen yet. */
export function useInbox(): { readonly messages: readonly Message[]; readonly unread: number } {
  const messages = useSojournState()?.messages ?? NONE;
  return useMemo(() => ({ messages, unread: messages.filter(({ seenAt }) => seenAt === null).length }), [messages]);
}

/** What a component can do with its message. */
export interface MessageActions {
  react(reaction: Reaction): void;
  answer(value: string): void;
  answerQuestions(answers: Readonly<Record<string, Answer>>, done: boolean): void;
}

/** The latest message in a slot, and what the user can do with it; null while there is none. */
export function useMessage(slot: string): (MessageActions & { readonly message: Message }) | null {
  const client = useSojourn();
  const message = useSojournState()?.messages.find((one) => one.slot === slot);
  return useMemo(
    () =>
      client && message
        ? {
            message,
            react: (reaction) => client.react(message.id, reaction),
            answer: (value) => client.answer(message.id, value),
            answerQuestions: (answers, done) => client.answerQuestions(message.id, answers, done),
          }
        : null,
    [client, message],
  );
}

/** A conversation, and what the user can do in it; null while the user has no part in it. */
export function useChat(chat: string, key: string): (ChatActions & { readonly chat: Chat }) | null {
  const client = useSojourn();
  const found = useSojournState()?.chats?.find((one) => one.chat === chat && one.key === key);
  return useMemo(() => {
    if (!client || !found) return null;
    const { say, seen, report, block } = client.chat(found.chat, found.key);
    return { chat: found, say, seen, report, block };
  }, [client, found]);
}

/** The value of a flag; the fallback while it is unknown, or has another type. */
export function useFlag<Value extends Json>(name: string, fallback: Value): Value {
  useSojournState();
  return useSojourn()?.flag(name, fallback) ?? fallback;
}

/** How far something has come: an order, an onboarding. */
export interface Progress {
  readonly message: Message;
  /** From 0 to 1. */
  readonly progress: number;
  readonly steps: readonly { readonly label: string; readonly done: boolean }[];
}

/** How far the progress card or checklist in a slot has come; null while there is none. */
export function useProgress(slot: string): Progress | null {
  const message = useMessage(slot)?.message;
  return useMemo(() => (message ? progressOf(message) : null), [message]);
}

/** How far a progress card or checklist has come. */
export function progressOf(message: Message): Progress {
  const { progress, steps, items = [] } = message.content;
  const parts = steps ?? items;
  const done = parts.filter((part) => part.done).length;
  return { message, steps: parts, progress: progress ?? (parts.length === 0 ? 0 : done / parts.length) };
}
