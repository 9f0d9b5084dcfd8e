import type { State } from './wire';

/** So many of the latest messages are kept. The storage must have room for what the user does. */
const MOST_KEPT = 50;
/** So many of the latest lines of a conversation are kept. */
const LINES_KEPT = 10;

/** The last state, and when it was kept. */
export type Kept = readonly [state: State, at: number];

/** What is kept of a state of the server: what the user did is in the queue, and would seem confirmed if it were kept here, too. */
export const shortened = (state: State): State => ({
  ...state,
  messages: state.messages.slice(0, MOST_KEPT),
  chats: (state.chats ?? []).map((chat) => ({ ...chat, messages: chat.messages.slice(-LINES_KEPT) })),
});
