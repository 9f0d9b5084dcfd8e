import type { Message } from '../wire';
import { messageOf } from './examples';

const IMAGE = { url: '/gallery/parcel.svg', alt: 'A parcel on a doorstep' };

/** The cards of an inbox: with a picture, with choices, and one that is read. */
export const CARDS: readonly Message[] = [
  messageOf(
    {
      kind: 'card',
      title: 'Your parcel is at the door',
      body: 'Left at 09:30, beside the flower pot.',
      image: IMAGE,
      actionLabel: 'See the order',
      url: '/orders/1042',
    },
    { id: 'card-parcel', sentAt: new Date().toISOString() },
  ),
  messageOf(
    {
      kind: 'card',
      title: 'Does Tuesday suit you?',
      body: 'The courier comes between 10 and 12.',
      choices: [
        { value: 'yes', label: 'Yes' },
        { value: 'no', label: 'Another day' },
      ],
    },
    { id: 'card-day', sentAt: new Date(Date.now() - 86_400_000).toISOString() },
  ),
  messageOf(
    {
      kind: 'card',
      title: 'Your invoice for October',
      body: 'Paid by card.',
      actionLabel: 'Open the invoice',
      url: '/invoices/10',
    },
    { id: 'card-invoice', sentAt: '2026-11-01T08:00:00Z', seenAt: '2026-11-01T09:00:00Z' },
  ),
];

export const PROFILE = { stage: 'active', points: 1250, badges: ['first-order', 'steady-runner'] } as const;
