import type { JsonObject } from '../../engine/model/json';
import type { CallType } from '../segment/schema';

/** The conversation of the examples. */
export const CONVERSATION = { chat: 'delivery', key: 'order-7' };

/** The participants of that conversation. */
export const PARTICIPANTS = [
  { userId: 'ada', role: 'customer', name: 'Ada' },
  { userId: 'bo', role: 'courier', name: 'Bo' },
];

/** What Ada says in it, and what she has heard. */
export const SAID_ID = '5f0c7a52-3f0e-4d57-8a55-6f3b1a1d9c10';
export const HEARD_ID = 'c2b1d6e8-94a7-4a0b-b8a3-27d1f0e5a921';

/** A message in the app, to which `yes` is an answer. */
export const MESSAGE_ID = '7d9f2c1e-5b1a-4c8e-9a53-0f6d2b7c1e44';

/** The token in a link of a message, shortened. */
export const LINK = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.2fJq';

/** A kill switch. */
export const SWITCH_EXAMPLE = { mode: 'hold', reason: 'A price is wrong in all mails', by: 'grace' };

/** A subscription of a browser. */
export const SUBSCRIPTION_EXAMPLE = {
  endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/gAAAAABk',
  keys: {
    p256dh: 'BIPUL12DLfytvTajnryr2PRdAgXS3HGKiLqndGcJGabyhHheJYlNGCeXl1dn18gSJ1WAkAPIxr4gK0_dQds4yiI',
    auth: 'DGv6ra1nlYgDCS1FRnbzlw',
  },
};

/** A device of a user, on which an app has registered. */
export const DEVICE_EXAMPLE = {
  token: '7f3c19b2a04de85f6c1b90d2e47a358c0f61d29e8b75a3c4e1d0f92b6a8c7d35',
  platform: 'ios',
  app: 'com.example.app',
  locale: 'de-AT',
};

/** A call of each type, as Segment's clients send it. */
export const CALL_EXAMPLES: Readonly<Record<CallType, JsonObject>> = {
  track: { userId: 'ada', event: 'Signed Up', properties: { plan: 'free' }, messageId: 'signup-ada' },
  identify: { userId: 'ada', traits: { email: 'ada@example.com', firstName: 'Ada', timezone: 'Europe/Berlin' } },
  page: { userId: 'ada', name: 'Pricing', properties: { path: '/pricing' } },
  screen: { userId: 'ada', name: 'Home' },
  group: { userId: 'ada', groupId: 'acme', traits: { name: 'Acme' } },
  alias: { userId: 'ada', previousId: 'visitor-7' },
};

/** Two calls in one request. */
export const BATCH_EXAMPLE: readonly JsonObject[] = [
  { type: 'identify', userId: 'ada', traits: { plan: 'free' } },
  { type: 'track', userId: 'ada', event: 'Report Shared', properties: { pages: 12 }, messageId: 'report-12' },
];

/** What happened to a user before Sojourn. */
export const HISTORY_EXAMPLE: readonly JsonObject[] = [
  {
    type: 'identify',
    userId: 'ada',
    traits: { plan: 'free' },
    timestamp: '2025-03-01T09:00:00Z',
    messageId: 'import-1',
  },
  { type: 'track', userId: 'ada', event: 'Report Shared', timestamp: '2025-04-02T18:31:00Z', messageId: 'import-2' },
];

/** A stored journey: a welcome, and a nudge for users who create no project within two days. */
export const JOURNEY_EXAMPLE: JsonObject = {
  enter: { kind: 'event', event: 'Signed Up' },
  goal: { event: 'Project Created' },
  steps: [
    { kind: 'send', step: 'welcome', messages: [{ channel: 'email', template: 'welcome' }] },
    { kind: 'waitFor', step: 'first project', events: ['Project Created'], within: '2 days' },
    { kind: 'send', step: 'nudge', messages: [{ channel: 'inApp', template: 'nudge' }] },
    { kind: 'exit', step: 'no project', reason: 'no project within two days' },
  ],
};

/** Receipts of a channel of one's own. */
export const RECEIPTS_EXAMPLE = {
  receipts: [{ message: MESSAGE_ID, kind: 'delivered', at: '2026-01-05T11:59:00.000Z' }],
};
