import { Analytics, type HTTPClient, type HTTPClientRequest } from '@segment/analytics-node';
import type { Card } from '../../dev/demo/product';
import { until } from '../support/until';
import { delivered, expectAccountedFor } from './support/account';
import { install, type Installation } from './support/installation';
import { Person } from './support/person';

/*
 * Runs the five shipped journeys for users who reach Sojourn only over HTTP. Journeys of a day run in real time, because the mail
 * that an order is ready expires after four hours, which is about a second of fast time. Journeys of weeks run in fast time, for
 * all users at once. A day then takes seven seconds, and a busy machine can be late by hours.
 */
const SPEED = 12_500;

/** How often to check whether the weeks are over, real milliseconds. */
const WEEKS = { everyMs: 250 } as const;

let here: Installation;
let people: Person[];

function newcomer(firstName: string): Person {
  const person = new Person(here, firstName);
  people.push(person);
  return person;
}

/**
 * Returns a time zone in which it is a given hour.
 * @param time epoch milliseconds
 */
function zoneWhereItIs(hour: number, time: number): string {
  // From 11 hours behind UTC to 12 hours ahead. The sign in an Etc/GMT name is reversed.
  const ahead = ((hour - new Date(time).getUTCHours() + 35) % 24) - 11;
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

async function progressCards(person: Person): Promise<Card[]> {
  return (await person.inbox()).filter(({ content }) => content.kind === 'progress');
}

const titleOf = (content: Card['content']): string => ('title' in content ? content.title : '');
const progressOf = (content: Card['content']): number | undefined =>
  'progress' in content ? content.progress : undefined;

describe('within a day', () => {
  beforeAll(async () => {
    people = [];
    here = await install({ speed: 1 });
  });
  afterAll(() => here.stop());

  test('onboarding: an immediate welcome, one card that advances with each step, points, badges and a flag', async () => {
    const ada = newcomer('Ada');
    const cardAt = (progress: number): Promise<Card> =>
      until(`the card at ${progress}`, async () =>
        (await progressCards(ada)).find(({ content }) => progressOf(content) === progress),
      );

    ada.identify();
    ada.track('Signed Up', { plan: 'free' });
    await until('the welcome', () => ada.mails().length > 0);
    expect(ada.mails()).toMatchObject([
      { subject: 'Welcome, Ada', mail: { text: expect.stringContaining('three small steps') } },
    ]);
    const card = await cardAt(0.33);
    expect(card).toMatchObject({ content: { title: 'Getting started: 1 of 3', url: '/projects/new' }, seenAt: null });
    await ada.react(card, 'seen');
    expect(await progressCards(ada)).toMatchObject([{ id: card.id, seenAt: expect.any(String), clickedAt: null }]);
    await ada.react(card, 'clicked');
    expect(await progressCards(ada)).toMatchObject([{ id: card.id, clickedAt: expect.any(String) }]);

    ada.track('Project Created', { name: 'Engine' });
    await cardAt(0.67);
    expect(await progressCards(ada)).toMatchObject([{ content: { title: 'Getting started: 2 of 3' }, seenAt: null }]);
    const congratulations = await until('congratulations', async () =>
      (await ada.inbox()).find(({ journey }) => journey === 'milestones'),
    );
    expect(congratulations.content).toMatchObject({ kind: 'celebration', title: 'Your first project!' });
    await ada.react(congratulations, 'dismissed');

    ada.track('Teammate Invited');
    await cardAt(1);
    expect(await ada.inbox()).toMatchObject([{ content: { title: 'You are all set' } }]);
    expect(await ada.profile()).toMatchObject({
      stage: 'active',
      points: 100,
      badges: ['First project', 'Team player'],
      flags: { activated: true },
    });
    expect(await ada.story()).toEqual({
      events: [
        ...['Identify', 'Signed Up', 'Message Seen', 'Message Clicked', 'Project Created'],
        ...['Message Seen', 'Message Dismissed', 'Teammate Invited'],
      ],
      stages: ['onboarding: Signed Up', 'active: Project Created'],
      runs: {
        onboarding: [
          'entered: Signed Up',
          'welcome: transactional, sent by email',
          'card: signed up: allowed, sent by inApp',
          'goal: reached',
          'first project: Project Created',
          'activated: activated',
          'card: first project: allowed, sent by inApp',
          'first teammate: Teammate Invited',
          'first steps: 50 points, badge Team player',
          'card: first teammate: allowed, sent by inApp',
          'ended: finished',
        ],
        'milestones 1': [
          'entered: Project Created',
          'has an account: yes',
          'prize: 50 points, badge First project',
          'congratulations: allowed, sent by inApp',
          'ended: finished',
        ],
      },
    });
    const reactions = (await ada.timeline()).filter(({ details }) => typeof details.seenAt === 'number');
    expect(reactions.map(({ details }) => details)).toMatchObject([
      { step: 'card: signed up', clickedAt: expect.any(Number), dismissedAt: null },
      { step: 'congratulations', clickedAt: null, dismissedAt: expect.any(Number) },
    ]);
  });

  test('order-updates: each of two orders has its own card, which only advances, and a mail when it is ready', async () => {
    const bob = newcomer('Bob');
    const order = (what: string, orderId: string): void => bob.track(`Order ${what}`, { orderId });
    const seen: (readonly [string, number | undefined])[] = [];
    const cardsAt = (a: number, b: number): Promise<boolean> =>
      until(`the cards at ${a} and ${b}`, async () => {
        const cards = (await progressCards(bob)).map(({ content }) => [titleOf(content), progressOf(content)] as const);
        seen.push(...cards);
        const now = new Map(cards);
        return now.get('Order A-1') === a && now.get('Order B-2') === b && cards.length === 2;
      });

    bob.identify();
    order('Placed', 'A-1');
    order('Placed', 'B-2');
    await cardsAt(0.1, 0.1);
    order('Preparing', 'A-1');
    order('Ready', 'B-2');
    await cardsAt(0.4, 0.8);
    order('Preparing', 'B-2');
    order('Ready', 'A-1');
    await cardsAt(0.8, 0.8);
    order('Completed', 'B-2');
    await cardsAt(0.8, 1);
    order('Completed', 'A-1');
    await cardsAt(1, 1);

    const moves = (title: string): unknown[] => [...new Set(seen.filter(([of]) => of === title).map(([, at]) => at))];
    expect([moves('Order A-1'), moves('Order B-2')]).toEqual([
      [0.1, 0.4, 0.8, 1],
      [0.1, 0.8, 1],
    ]);
    await until('both mails', () => bob.mails().length === 2);
    await until('both mails are recorded', () => delivered(bob));
    expect(bob.mails().map(({ subject }) => subject)).toEqual(['Order B-2 is ready', 'Order A-1 is ready']);
    const end = [
      'card: ready: transactional, sent by inApp',
      'ready: transactional, sent by email',
      'until completed: Order Completed',
      'card: completed: transactional, sent by inApp',
      'ended: finished',
    ];
    const begin = ['entered: Order Placed', 'card: placed: transactional, sent by inApp'];
    expect((await bob.story()).runs).toEqual({
      'order-updates A-1': [
        ...begin,
        'until preparing: Order Preparing',
        'card: preparing: transactional, sent by inApp',
        'until ready: Order Ready',
        ...end,
      ],
      'order-updates B-2': [...begin, 'until preparing: Order Ready', ...end],
    });
  });

  test('milestones: the first and the tenth of ten projects are celebrated', async () => {
    const cleo = newcomer('Cleo');
    cleo.identify();
    for (let count = 0; count < 10; count++) cleo.track('Project Created', { name: 'Engine' });
    await until('two congratulations', async () => (await cleo.inbox()).length === 2);
    const titles = (await cleo.inbox()).map(({ content }) => titleOf(content));
    expect(titles.sort()).toEqual(['10 projects!', 'Your first project!']);
    expect(await cleo.profile()).toMatchObject({ points: 250, badges: ['First project', 'Builder'] });
    expect((await cleo.story()).runs).toEqual({
      'milestones 1': expect.arrayContaining(['prize: 50 points, badge First project', 'ended: finished']),
      'milestones 10': expect.arrayContaining(['prize: 200 points, badge Builder', 'ended: finished']),
    });
  });

  test('deleting the account ends all runs, whatever the client still sends', async () => {
    const dan = newcomer('Dan');
    dan.identify();
    dan.track('Signed Up', { plan: 'free' });
    dan.track('Order Placed', { orderId: 'C-3' });
    await until('both journeys', async () => (await dan.inbox()).length === 2);
    dan.track('Account Deleted');
    await until('the account is deleted', async () => (await dan.profile()).stage === 'deleted');
    dan.track('Order Ready', { orderId: 'C-3' });
    dan.track('Project Created', { name: 'Engine' });
    dan.visit();
    await until('all events are processed', async () => {
      const events = (await dan.timeline()).filter(({ kind }) => kind === 'event');
      return events.length === 7 && events.every(({ details }) => details.pending === false);
    });
    expect(await dan.profile()).toMatchObject({ stage: 'deleted', points: 0 });
    expect((await dan.story()).runs).toEqual({
      onboarding: [
        'entered: Signed Up',
        'welcome: transactional, sent by email',
        'card: signed up: allowed, sent by inApp',
        'first project: waits for Project Created',
        'ended: Account Deleted',
      ],
      'order-updates C-3': [
        'entered: Order Placed',
        'card: placed: transactional, sent by inApp',
        'until preparing: waits for Order Preparing or Order Ready or Order Completed',
        'ended: Account Deleted',
      ],
      'milestones 1': ['entered: Project Created', 'has an account: no', 'no account: no account', 'ended: no account'],
    });
  });

  test('a batch repeated after a lost response, and once more later, has no further effect', async () => {
    const eve = newcomer('Eve');
    const requests: HTTPClientRequest[] = [];
    const answers: unknown[] = [];
    const post: HTTPClient['makeRequest'] = async (request) => {
      requests.push(request);
      const { url, method, headers, body } = request;
      const response = await fetch(url, { method, headers, body });
      answers.push(await response.clone().json());
      return response;
    };
    const client = new Analytics({
      writeKey: here.config.writeKey,
      host: here.url,
      httpClient: {
        makeRequest: async (request) => {
          const response = await post(request);
          if (requests.length === 1) throw new Error('The response was lost.');
          return response;
        },
      },
    });
    client.identify({ userId: eve.id, traits: { firstName: 'Eve', email: eve.email } });
    client.track({ userId: eve.id, event: 'Signed Up', properties: { plan: 'free' } });
    client.track({ userId: eve.id, event: 'Project Created', properties: { name: 'Engine' } });
    await client.closeAndFlush();
    await until('card and congratulations', async () => (await eve.inbox()).length === 2);
    await until('no message is being delivered', () => delivered(eve));
    const story = await eve.story();
    await Promise.all(requests.slice(-1).map(post));

    const flawless = { rejected: [], rejectedCount: 0, warnings: [], warningCount: 0 };
    expect(answers).toEqual([
      { accepted: 3, duplicates: 0, ...flawless },
      { accepted: 0, duplicates: 3, ...flawless },
      { accepted: 0, duplicates: 3, ...flawless },
    ]);
    expect(await eve.story()).toEqual(story);
    expect(story.events).toEqual(['Identify', 'Signed Up', 'Project Created']);
    expect(story.stages).toEqual(['onboarding: Signed Up', 'active: Project Created']);
    expect(Object.keys(story.runs).sort()).toEqual(['milestones 1', 'onboarding']);
    expect(await eve.profile()).toMatchObject({ points: 50, badges: ['First project'] });
  });

  test('the messages that arrived are those recorded as sent', () => expectAccountedFor(here, people));
});

describe('over weeks', () => {
  let fay: Person, gus: Person, hal: Person, ida: Person, jim: Person;

  beforeAll(async () => {
    people = [];
    here = await install({ speed: SPEED });
    fay = newcomer('Fay');
    gus = newcomer('Gus');
    hal = newcomer('Hal');
    ida = newcomer('Ida');
    jim = newcomer('Jim');
    // Subscribes before any journey starts, because fast time passes from then on.
    for (const person of people) person.identify();
    await Promise.all([fay, hal, ida, jim].map((person) => person.allowPush()));

    // Messages that are due at 22:00 wait for the morning. They may then be late by all waking hours, as a push expires after a day.
    const timezone = zoneWhereItIs(22, here.clock.now());
    for (const person of people) {
      person.identify({ timezone });
      person.track('Signed Up', { plan: 'free' });
    }
    for (const person of [hal, ida, jim]) person.track('Project Created', { name: 'Engine' });
    await Promise.all([comesBack(), leaves(), until('Hal has churned', hasChurned, WEEKS)]);
  });
  afterAll(() => here.stop());

  async function firstMessage(person: Person): Promise<Card> {
    const found = async (): Promise<Card | undefined> =>
      (await person.inbox()).find(({ journey }) => journey === 'win-back');
    return until('the first message of win-back', found, WEEKS);
  }
  async function comesBack(): Promise<void> {
    await ida.react(await firstMessage(ida), 'clicked');
    ida.visit();
  }
  async function leaves(): Promise<void> {
    await firstMessage(jim);
    jim.track('Account Deleted');
  }
  async function hasChurned(): Promise<boolean> {
    const { stage, wakeAt } = await hal.profile();
    return stage === 'churned' && wakeAt === null;
  }

  const subjects = (person: Person): string[] => person.mails().map(({ subject }) => subject);
  const notifications = (person: Person): unknown[] => person.pushes.map(({ payload }) => payload);

  /** Returns the texts of the nudge in the person's variant of the experiment. */
  async function nudge(person: Person): Promise<{ readonly push: string; readonly mail: string }> {
    const tone = (await person.timeline()).find(({ what }) => what === 'nudge tone')?.details.outcome;
    return tone === 'friendly'
      ? { push: 'Shall we start your first project?', mail: 'Shall we start your first project together?' }
      : { push: 'One step to go', mail: 'Your first project takes two minutes' };
  }

  const notActivated = (channel: string): string[] => [
    'entered: Signed Up',
    'welcome: transactional, sent by email',
    'card: signed up: allowed, sent by inApp',
    'first project: timeout',
    'nudge tone: assigned by weight',
    `nudge: allowed, sent by ${channel}`,
    'first project, nudged: timeout',
    'not activated: not activated',
    'ended: not activated',
  ];

  test('onboarding: a user without a project gets one nudge after two days, by push if allowed', async () => {
    const { push } = await nudge(fay);
    expect(notifications(fay)[0]).toMatchObject({ title: push, url: '/projects/new', tag: 'onboarding' });
    expect(notifications(fay).slice(1)).not.toContainEqual(expect.objectContaining({ tag: 'onboarding' }));
    expect(subjects(fay)).toEqual(['Welcome, Fay', 'We miss you, Fay', 'Shall we keep your place?']);
    expect((await fay.story()).runs['onboarding']).toEqual(notActivated('webPush'));
    expect(await fay.profile()).toMatchObject({ points: 0, flags: {} });
  });

  test('onboarding: a user without push gets the nudge by mail', async () => {
    const { mail } = await nudge(gus);
    expect(subjects(gus)).toEqual(['Welcome, Gus', mail, 'We miss you, Gus', 'Shall we keep your place?']);
    expect((await gus.story()).runs['onboarding']).toEqual(notActivated('email'));
    expect((await gus.story()).runs['win-back']).toContain('by push: no address, suppressed by webPush');
  });

  test('a push is signed by this installation, and has a time to live and a topic', async () => {
    const answer = await fetch(`${here.url}/v1/push/key`);
    const { publicKey } = (await answer.json()) as { publicKey: string };
    const ids = notifications(fay).map((payload) => (payload as { messageId: string }).messageId);
    expect(fay.pushes.map(({ headers }) => headers)).toMatchObject(
      ids.map((id) => ({
        authorization: expect.stringMatching(`^vapid t=[^,]+, k=${publicKey}$`),
        ttl: expect.stringMatching(/^\d+$/),
        urgency: 'normal',
        topic: id.replaceAll('-', ''),
      })),
    );
  });

  test('dormancy and win-back: two messages, then three in three channels, then churned and no more messages', async () => {
    const { stages, runs } = await hal.story();
    expect(stages).toEqual([
      'onboarding: Signed Up',
      'active: Project Created',
      'dormant: inactive',
      'churned: time in stage',
    ]);
    expect(Object.keys(runs).sort()).toEqual(['dormancy', 'milestones 1', 'onboarding', 'win-back']);
    expect(runs['dormancy']).toEqual([
      'entered: inactivity',
      'in a stage we nudge: yes',
      'past onboarding: yes',
      'nudge: allowed, sent by webPush',
      'two weeks of silence: 12 days',
      'not dormant yet: yes',
      'we miss you: allowed, sent by email',
      'ended: finished',
    ]);
    expect(runs['win-back']).toEqual([
      'entered: stage dormant',
      'in the app: allowed, sent by inApp',
      'four days: 4 days',
      'by push: allowed, sent by webPush',
      'a week more: 7 days',
      'in the morning: 10:00',
      'by mail: allowed, sent by email',
      'until churned: 18 days',
      'did not come back: did not come back',
      'ended: did not come back',
    ]);
    expect(subjects(hal)).toEqual(['Welcome, Hal', 'We miss you, Hal', 'Shall we keep your place?']);
    expect(notifications(hal)).toMatchObject([
      { title: 'Pick up where you left off' },
      { title: 'Your projects are still here' },
    ]);
  });

  test('win-back: a user who returns after the first message gets no second one, even when dormant again', async () => {
    const { stages, runs } = await ida.story();
    expect(stages).toEqual([
      'onboarding: Signed Up',
      'active: Project Created',
      'dormant: inactive',
      'won back: activity',
      'dormant: inactive',
    ]);
    expect(runs['win-back']).toEqual([
      'entered: stage dormant',
      'in the app: allowed, sent by inApp',
      'four days: waits for 4 days',
      'goal: reached',
      'ended: goal',
    ]);
    expect(runs).not.toHaveProperty('win-back (2)');
  });

  test('a dormant user who deletes their account gets no more messages', async () => {
    const { stages, runs } = await jim.story();
    expect(stages.slice(-2)).toEqual(['dormant: inactive', 'deleted: Account Deleted']);
    expect(runs['win-back']?.at(-1)).toBe('ended: Account Deleted');
    expect(runs['dormancy (2)']?.at(-1)).toBe('ended: not in a stage we nudge');
    const relevant = (await jim.timeline()).filter(
      ({ kind, what }) => kind === 'message' || what === 'Account Deleted',
    );
    expect(relevant.at(-1)).toMatchObject({ kind: 'event', what: 'Account Deleted' });
  });

  test('the messages that arrived are those recorded as sent', () => expectAccountedFor(here, people));
});
