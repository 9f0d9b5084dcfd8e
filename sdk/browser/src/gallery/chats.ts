import type { Chat, Message } from '../wire';
import { messageOf } from './examples';

/** How long ago, as the server writes it. */
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

/** Two conversations: one that is open, with a message that is not read yet, and one that is closed. */
export const CHATS: readonly Chat[] = [
  {
    ...{ chat: 'delivery', key: 'order-1042', role: 'customer', open: true, blocked: false, text: true, unread: 1 },
    others: [{ role: 'courier', label: 'Courier', name: 'Bob', seen: 'm3' }],
    phrases: [
      { id: 'here', text: 'I am at the door' },
      { id: 'minutes', text: 'I need five minutes' },
      { id: 'neighbor', text: 'Please leave it next door' },
    ],
    messages: [
      { id: 'm1', role: 'courier', text: 'I have your order and leave the shop now.', at: ago(12) },
      { id: 'm2', role: 'customer', text: 'Thank you', at: ago(11) },
      { id: 'm3', role: 'customer', text: 'The bell does not work, please knock.', at: ago(11) },
      { id: 'm4', role: 'courier', text: 'I have arrived', at: ago(1) },
    ],
  },
  {
    ...{ chat: 'delivery', key: 'order-1017', role: 'customer', open: false, blocked: false, text: false, unread: 0 },
    others: [{ role: 'courier', label: 'Courier', name: 'Cleo', seen: null }],
    phrases: [],
    messages: [{ id: 'm5', role: 'courier', text: 'It is beside the flower pot', at: ago(400) }],
  },
];

/** What a journey has asked: one question that is answered, and one that is not. */
export const ASKED: readonly Message[] = [
  messageOf(
    {
      kind: 'chat',
      title: 'Help',
      body: 'Which of your orders is it?',
      choices: [
        { value: '1042', label: 'The one of today' },
        { value: 'other', label: 'Another one' },
      ],
    },
    { id: 'chat-which', sentAt: ago(3) },
  ),
  messageOf(
    {
      kind: 'chat',
      title: 'Help',
      body: 'How can we help?',
      choices: [
        { value: 'order', label: 'My order' },
        { value: 'account', label: 'My account' },
      ],
    },
    { id: 'chat-help', sentAt: ago(4), seenAt: ago(4), answeredAt: ago(3), answer: 'order' },
  ),
];
