/** A user who waits in a journey. */
export const USER = {
  id: 'ada',
  previousIds: ['anon:visitor-7'],
  traits: {
    email: 'ada@example.com',
    firstName: 'Ada',
    timezone: 'Europe/Berlin',
    plan: 'free',
    groups: {
      acme: {
        name: 'Acme',
        groupId: 'acme',
      },
    },
  },
  consent: {},
  topics: {},
  answers: [],
  stage: 'new',
  points: 0,
  badges: [],
  flags: {},
  createdAt: '2026-01-05T12:00:00.000Z',
  lastSeenAt: '2026-01-05T12:00:00.000Z',
  wakeAt: '2026-01-07T12:00:00.000Z',
  runs: [
    {
      id: 'c1fd2281-0a98-5871-99b2-5ce9a03fd5c1',
      journey: 'onboarding',
      key: null,
      status: 'active',
      step: 'first project',
      until: '2026-01-07T12:00:00.000Z',
      reason: '',
      enteredAt: '2026-01-05T12:00:00.000Z',
      endedAt: null,
      goalAt: null,
      failedCall: null,
    },
  ],
};

/** The latest of what happened to the user. */
export const TIMELINE = {
  entries: [
    {
      at: '2026-01-05T12:00:00.000Z',
      kind: 'message',
      what: 'sending',
      reason: 'allowed',
      times: { expiresAt: '2026-01-08T12:00:00.000Z' },
      details: {
        id: 'fb70e7d8-7e57-5b90-98e1-9379508d1758',
        run: 'c1fd2281-0a98-5871-99b2-5ce9a03fd5c1',
        data: {},
        slot: null,
        step: 'welcome',
        answer: null,
        seenAt: null,
        sentAt: null,
        channel: 'email',
        journey: 'onboarding',
        attempts: 1,
        template: 'welcome',
        clickedAt: null,
        expiresAt: 1767873600000,
        lastError: null,
        answeredAt: null,
        heldReason: null,
        dismissedAt: null,
        transactional: false,
      },
    },
    {
      at: '2026-01-05T12:00:00.000Z',
      kind: 'step',
      what: 'first project',
      reason: 'Project Created',
      times: { until: '2026-01-07T12:00:00.000Z', enteredAt: '2026-01-05T12:00:00.000Z' },
      details: {
        run: 'c1fd2281-0a98-5871-99b2-5ce9a03fd5c1',
        hold: null,
        kind: 'waitFor',
        facts: {},
        until: 1767787200000,
        awaits: ['Project Created'],
        status: 'waiting',
        journey: 'onboarding',
        version: 'dcfffdf1-a43a',
        enteredAt: 1767614400000,
      },
    },
    {
      at: '2026-01-05T12:00:00.000Z',
      kind: 'step',
      what: 'welcome',
      reason: 'allowed',
      times: { enteredAt: '2026-01-05T12:00:00.000Z' },
      details: {
        run: 'c1fd2281-0a98-5871-99b2-5ce9a03fd5c1',
        kind: 'send',
        facts: {
          zone: 'utc',
        },
        status: 'done',
        content: '9ca8b45e-0f85-5532-8474-6995072a4d55',
        journey: 'onboarding',
        outcome: {
          reason: 'allowed',
          status: 'sent',
          channel: 'email',
        },
        version: 'dcfffdf1-a43a',
        enteredAt: 1767614400000,
        obstacles: {},
        asked: [
          { channel: 'email', rule: 'address', says: 'pass', fact: '' },
          { channel: 'email', rule: 'suppression', says: 'pass', fact: '' },
          { channel: 'email', rule: 'consent', says: 'pass', fact: 'no answer' },
          {
            channel: 'email',
            rule: 'cap',
            says: 'pass',
            fact: 'email 0 of 2 a day, email 0 of 5 a week, total 0 of 4 a day, total 0 of 12 a week',
          },
          { channel: 'email', rule: 'do not disturb', says: 'pass', fact: '' },
        ],
      },
    },
  ],
  next: 'WzE3Njc2MTQ0MDAwMDAsIjM6YzFmZDIyODEtMGE5OC01ODcxLTk5YjItNWNlOWEwM2ZkNWMxOjAwMDAwMDAwMDEiXQ',
  removedBefore: { events: null, messages: null, runs: null },
};

/** A token of the user. */
export const TOKEN = {
  token:
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEiLCJhdWQiOiJ1c2VyIiwiZXhwIjoxNzY3NjE4MDAwfQ.EntsblY1uXoCO-fTFrCi1nVz24Tfw113q_qjyGExEX0',
  expiresAt: '2026-01-05T13:00:00.000Z',
};
