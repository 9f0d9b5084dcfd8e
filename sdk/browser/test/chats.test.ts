import { createChats, type Chats } from '../src/chats';
import type { Chat } from '../src/wire';

/** The conversation as the server has it: Bob's message is not read yet. */
const SERVER: Chat = {
  ...{ chat: 'delivery', key: 'order 7', role: 'customer', open: true, blocked: false, text: true, unread: 1 },
  others: [{ role: 'courier', label: 'Courier', name: 'Bob', seen: null }],
  phrases: [],
  messages: [{ id: 'bob', role: 'courier', text: 'I am here', at: '2026-11-30T09:00:00Z' }],
};
const CHAT = 'delivery/order%207';
const MINE = { chat: CHAT, to: 'messages', body: { id: 'mine', text: 'Coming' } } as const;
const SEEN = { chat: CHAT, to: 'seen', body: { id: 'bob' } } as const;
const BLOCK = { chat: CHAT, to: 'block', body: {} } as const;

const create = (): Chats =>
  createChats(
    () => 0,
    () => [SERVER],
    () => undefined,
  );
/** What is shown of the conversation when the server has it with these changes. */
const shown = (chats: Chats, server: Partial<Chat> = {}): Chat | undefined => chats.over([{ ...SERVER, ...server }])[0];

test('a block holds until the server shows it, and then only as long as the server does', () => {
  const chats = create();
  chats.apply(BLOCK);
  expect(shown(chats)?.blocked).toBe(true);
  expect(shown(chats, { blocked: true })?.blocked).toBe(true);
  expect(shown(chats, { blocked: false })?.blocked).toBe(false);
  chats.apply(BLOCK);
  expect(shown(chats)?.blocked).toBe(true);
});

test('what was seen is read until the server shows it, and then the server counts', () => {
  const chats = create();
  chats.apply(SEEN);
  expect(shown(chats)?.unread).toBe(0);
  expect(shown(chats, { unread: 0 })?.unread).toBe(0);
  expect(shown(chats, { unread: 1 })?.unread).toBe(1);
});

test('what was seen does not count for a later message', () => {
  const chats = create();
  const later = { id: 'later', role: 'courier', text: 'Hello?', at: '2026-11-30T09:01:00Z' };
  chats.apply(SEEN);
  expect(shown(chats, { messages: [...SERVER.messages, later], unread: 2 })?.unread).toBe(2);
  expect(shown(chats)?.unread).toBe(1);
});

test('a refused message stays and says so, and a refused block or seen is undone', () => {
  const chats = create();
  for (const item of [MINE, SEEN, BLOCK]) chats.apply(item);
  expect(shown(chats)).toMatchObject({ blocked: true, unread: 0, messages: [{}, { id: 'mine', status: 'sending' }] });
  for (const item of [MINE, SEEN, BLOCK]) chats.refuse(item);
  expect(shown(chats)).toMatchObject({ blocked: false, unread: 1, messages: [{}, { id: 'mine', status: 'refused' }] });
});

test('a message is the one of the server once the server has it', () => {
  const chats = create();
  chats.apply(MINE);
  const theirs = { id: 'mine', role: 'customer', text: 'Coming', at: '2026-11-30T09:01:00Z' };
  const messages = [...SERVER.messages, theirs];
  expect(shown(chats, { messages })?.messages).toEqual(messages);
  // It may be older than what the server shows later on.
  expect(shown(chats)?.messages).toEqual(SERVER.messages);
});
