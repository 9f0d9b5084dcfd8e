import type { Content, Kind, Message, PollResults } from '../wire';

/** A message of each kind, exactly as the server sends it. The gallery shows them, and the tests of the renderers use them. */
export interface Example {
  /** The kind, or a name of its own where a kind has several examples. */
  readonly name: string;
  readonly message: Message;
  readonly results?: PollResults;
  /** What the server says once the person has answered. */
  readonly answered?: { readonly content: Content; readonly results: PollResults };
}

/** Puts a content into a message. */
export function messageOf(content: Content, given: Partial<Message> = {}): Message {
  return {
    ...{ id: `example-${content.kind}`, journey: 'example', run: null, key: null, step: content.kind, slot: null },
    ...{ sentAt: '2026-11-29T09:30:00Z', expiresAt: '2036-11-29T09:30:00Z' },
    ...{ seenAt: null, clickedAt: null, answeredAt: null, answer: null, answers: null },
    ...given,
    content,
  };
}

const CONTENTS: Readonly<Record<Exclude<Kind, 'card' | 'chat' | 'prompt'>, Content>> = {
  banner: {
    kind: 'banner',
    title: 'Delivery is free this week',
    body: 'On every order from 20 €, until Sunday.',
    actionLabel: 'See what is new',
    url: '/new',
  },
  modal: {
    kind: 'modal',
    title: 'Your trial ends on Friday',
    body: 'Choose a plan to keep your projects. Nothing is charged before Friday, and you can leave at any time.',
    actionLabel: 'Choose a plan',
    url: '/plans',
  },
  'slide-in': {
    kind: 'slide-in',
    title: 'Pick up where you left off',
    body: 'Two items are still in your basket. We keep them until tomorrow.',
    actionLabel: 'Open the basket',
    url: '/basket',
    snooze: { label: 'Tomorrow', seconds: 86_400 },
  },
  tip: {
    kind: 'tip',
    title: 'Share it with your team',
    body: 'Export sends the report as a file, or as a link that is kept up to date.',
    actionLabel: 'Got it',
    anchor: '#export',
  },
  survey: {
    kind: 'survey',
    title: 'Two minutes about your order',
    thanks: 'Thank you. It helps the next order arrive better.',
    questions: [
      {
        id: 'nps',
        type: 'nps',
        ask: 'How likely are you to recommend us to a friend?',
        minLabel: 'Not likely',
        maxLabel: 'Very likely',
        next: [{ atLeast: 9, to: 'liked' }],
      },
      {
        id: 'wrong',
        type: 'choices',
        ask: 'What should we do better?',
        optional: true,
        options: [
          { value: 'price', label: 'Prices' },
          { value: 'speed', label: 'Time of delivery' },
          { value: 'packing', label: 'Packing' },
        ],
      },
      {
        id: 'liked',
        type: 'choice',
        ask: 'What did you like most?',
        options: [
          { value: 'range', label: 'The range' },
          { value: 'speed', label: 'The quick delivery' },
          { value: 'help', label: 'The people who helped' },
        ],
      },
      { id: 'stars', type: 'stars', ask: 'How was the courier?' },
      {
        id: 'ease',
        type: 'scale',
        ask: 'How easy was it to order?',
        min: 1,
        max: 5,
        minLabel: 'Hard',
        maxLabel: 'Easy',
      },
      { id: 'words', type: 'text', ask: 'Anything else?', optional: true, placeholder: 'In your own words' },
    ],
  },
  rating: {
    kind: 'rating',
    title: 'Do you enjoy the app?',
    thanks: 'Thank you. Somebody reads every word.',
    yes: {
      label: 'Yes, I do',
      title: 'Good to hear. Would you say so in the store?',
      actionLabel: 'Rate the app',
      url: 'https://store.example.com/app',
    },
    no: { label: 'Not really', title: 'What should be better?', placeholder: 'In your own words' },
  },
  poll: {
    kind: 'poll',
    poll: 'next-colour',
    title: 'Which colour should come next?',
    results: 'after',
    change: true,
    options: [
      { value: 'green', label: 'Moss green' },
      { value: 'blue', label: 'Ink blue' },
      { value: 'red', label: 'Brick red' },
    ],
  },
  quiz: {
    kind: 'quiz',
    poll: 'coffee',
    title: 'Where does the coffee plant come from?',
    options: [
      { value: 'brazil', label: 'Brazil' },
      { value: 'ethiopia', label: 'Ethiopia' },
      { value: 'java', label: 'Java' },
    ],
  },
  progress: {
    kind: 'progress',
    title: 'Your order is being prepared',
    body: 'It leaves the shop at about 14:20.',
    progress: 0.5,
    steps: [
      { label: 'Received', done: true },
      { label: 'Preparing', done: false },
      { label: 'On its way', done: false },
      { label: 'Delivered', done: false },
    ],
    actionLabel: 'Follow the order',
    url: '/orders/1042',
  },
  checklist: {
    kind: 'checklist',
    title: 'Set up your shop',
    body: 'A photo next: shops with one get twice the visits.',
    items: [
      { label: 'Name your shop', done: true },
      { label: 'Add a first product', done: true },
      { label: 'Add a photo', done: false, url: '/photos' },
      { label: 'Invite somebody', done: false, url: '/team' },
    ],
  },
  celebration: {
    kind: 'celebration',
    title: 'Seven runs in seven days',
    body: 'Your longest streak so far.',
    badge: 'Steady runner',
    points: 50,
    streak: 7,
    actionLabel: 'See your badges',
    url: '/badges',
  },
};

const VOTES: PollResults = { votes: { green: 312, blue: 508, red: 96 }, total: 916 };
const GUESSES: PollResults = { votes: { brazil: 241, ethiopia: 377, java: 58 }, total: 676 };

/** How each is shown before it is answered, and what comes after. */
export const EXAMPLES: readonly Example[] = Object.values(CONTENTS).map((content) => {
  const message = messageOf(content);
  const example = { name: content.kind, message };
  if (content.kind === 'poll') return { ...example, results: VOTES, answered: { content, results: VOTES } };
  if (content.kind !== 'quiz') return example;
  const right = { right: 'ethiopia', explanation: 'Its wild forests are where it still grows by itself.', points: 10 };
  return { ...example, answered: { content: { ...content, ...right }, results: GUESSES } };
});
