/** A journey, as the list has it. */
const LISTED = {
  id: 'onboarding',
  enter: 'Signed Up',
  reenter: 'never',
  keyed: false,
  exit: [],
  goal: 'Project Created',
  transactional: false,
  stored: null,
  since: '2026-01-05T09:30:00.000Z',
  runs: {
    active: 1,
    completed: 0,
    exited: 0,
    failed: 0,
  },
};

/** No message of a channel. */
const NONE = { day: 0, week: 0, path: 0 };

/** A journey with its figures. */
export const JOURNEY = {
  ...LISTED,
  steps: [
    {
      step: 'welcome',
      kind: 'send',
      text: 'welcome',
      active: 0,
      failed: 0,
      rates: {
        entered: 1,
        reach: 1,
        outcomes: {
          allowed: 1,
        },
        sent: 0,
        bounce: null,
        seen: null,
        click: null,
      },
    },
    {
      step: 'first project',
      kind: 'waitFor',
      text: '48 hours',
      active: 1,
      failed: 0,
      rates: {
        entered: 1,
        reach: 1,
        outcomes: {},
        sent: 0,
        bounce: null,
        seen: null,
        click: null,
      },
    },
    {
      step: 'nudge',
      kind: 'send',
      text: 'nudge',
      active: 0,
      failed: 0,
      rates: {
        entered: 0,
        reach: 0,
        outcomes: {},
        sent: 0,
        bounce: null,
        seen: null,
        click: null,
      },
    },
  ],
  removedSteps: [],
  versions: [
    {
      version: 'dcfffdf1-a43a',
      since: '2026-01-05T09:30:00.000Z',
    },
  ],
  conversion: {
    entered: 1,
    goal: 0,
    rate: 0,
  },
  diagram:
    'flowchart TD\n  enter(["Signed Up"])\n  s0["welcome<br/>send: welcome"]\n  s1["first project<br/>waitFor: 48 hours"]\n  s2["nudge<br/>send: nudge"]\n  leave([end])\n  enter --> s0\n  s0 --> s1\n  s1 -->|"Project Created"| leave\n  s1 -->|"timeout"| s2\n  s2 --> leave',
};

/** The current journeys. */
export const JOURNEYS = [
  LISTED,
  {
    id: 'order',
    enter: 'Order Placed',
    reenter: 'never',
    keyed: true,
    exit: [],
    goal: null,
    transactional: false,
    stored: null,
    since: '2026-01-05T09:30:00.000Z',
    runs: {
      active: 0,
      completed: 0,
      exited: 0,
      failed: 0,
    },
  },
];

/** What a definition would do. */
export const PREVIEW = {
  diagram:
    'flowchart TD\n  enter(["Signed Up"])\n  s0["welcome<br/>send: welcome"]\n  s1["first project<br/>waitFor: 2 days"]\n  s2["nudge<br/>send: nudge"]\n  s3["no project<br/>exit: no project within two days"]\n  leave([end])\n  enter --> s0\n  s0 --> s1\n  s1 -->|"Project Created"| s2\n  s2 --> s3\n  s3 --> leave\n  s1 -->|"timeout"| s2',
  paths: 2,
  truncated: false,
  left: 0,
  withoutGoal: 0,
  shortestMs: 0,
  longestMs: 172800000,
  timedByData: [],
  messages: {
    email: {
      day: 1,
      week: 1,
      path: 1,
    },
    webPush: NONE,
    inApp: {
      day: 1,
      week: 1,
      path: 1,
    },
    push: NONE,
    sms: NONE,
    voice: NONE,
    whatsApp: NONE,
    webhook: NONE,
    slack: NONE,
    teams: NONE,
    total: {
      day: 2,
      week: 2,
      path: 2,
    },
  },
  budget: null,
  awaits: ['Project Created'],
  inFlight: {
    people: 1,
    totals: {
      stays: 1,
      moves: 0,
      ends: 0,
      parked: 0,
      enters: 0,
      'left alone': 0,
      skips: 0,
      released: 0,
      suppressed: 0,
      calls: 0,
    },
    rows: [],
    byHour: [],
    partial: false,
  },
};
