import { MESSAGE_ID, SAID_ID } from './requests';

/** A message in the app that asks something. */
export const INBOX_MESSAGE = {
  id: MESSAGE_ID,
  journey: 'onboarding',
  run: 'c1fd2281-0a98-5871-99b2-5ce9a03fd5c1',
  key: null,
  step: 'ask',
  slot: null,
  content: {
    kind: 'prompt',
    title: 'Do you enjoy it?',
    body: 'Your answer helps us.',
    choices: [
      {
        value: 'yes',
        label: 'Yes',
      },
      {
        value: 'no',
        label: 'Not yet',
      },
    ],
  },
  answer: null,
  answers: null,
  sentAt: '2026-01-05T11:00:00.000Z',
  expiresAt: '2026-01-05T13:00:00.000Z',
  seenAt: null,
  clickedAt: null,
  answeredAt: null,
};

/** All that an app shows of a user. */
export const IN_APP = {
  messages: [INBOX_MESSAGE],
  profile: { stage: 'new', points: 0, badges: [] },
  flags: { 'new-checkout': true },
  variants: {},
  polls: {},
  session: null,
  chats: [],
};

/** A conversation, as support reads it. */
export const SUPPORTED_CONVERSATION = {
  chat: 'delivery',
  key: 'order-7',
  open: true,
  blocked: true,
  changedAt: '2026-01-05T12:00:00.000Z',
  deleteAt: '2026-01-12T12:00:00.000Z',
  participants: [
    {
      userId: 'ada',
      role: 'customer',
      name: 'Ada',
      leftAt: null,
    },
    {
      userId: 'bo',
      role: 'courier',
      name: 'Bo',
      leftAt: null,
    },
  ],
  messages: [
    {
      id: 'c2b1d6e8-94a7-4a0b-b8a3-27d1f0e5a921',
      userId: 'bo',
      role: 'courier',
      phrase: 'arrived',
      text: null,
      at: '2026-01-05T12:00:00.000Z',
    },
    {
      id: '5f0c7a52-3f0e-4d57-8a55-6f3b1a1d9c10',
      userId: 'ada',
      role: 'customer',
      phrase: 'wait',
      text: null,
      at: '2026-01-05T12:00:00.000Z',
    },
  ],
  reports: [
    {
      userId: 'ada',
      role: 'courier',
      messageId: 'c2b1d6e8-94a7-4a0b-b8a3-27d1f0e5a921',
      reason: 'Rude',
      at: '2026-01-05T12:00:00.000Z',
    },
  ],
};

/** A message that was taken. */
export const TAKEN_MESSAGE = { id: SAID_ID, role: 'customer', at: '2026-01-05T12:00:00.000Z' };
