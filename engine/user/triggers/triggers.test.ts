import { compile } from '../../outline/compile';
import { inactivity, manual, milestone, stage } from '.';
import {
  accountDeleted,
  orderPlaced,
  projectCreated,
  signedUp,
  teammateInvited,
  unrestrained,
} from '../../testing/properties/catalogue';
import { StoredUser } from '../../testing/properties/stored-user';
import { advance } from '../../advance/advance';
import { type Definitions } from '../../definitions/definitions';
import { activity, ANY_ACTIVITY_IS_NO_TRIGGER } from '../../authoring/event';
import { journey, type Journey, type JourneyOptions } from '../../authoring/journey';
import { lifecycle } from '../../authoring/lifecycle';
import { MemoryHost } from '../../testing/memory-host';
import type { Run, UserEvent } from '../../model/state';
import { traveller } from '../../testing/traveller';

const hourLong = (options: JourneyOptions): Journey =>
  journey('trial', options, async (j) => {
    await j.sleep('an hour', '1 hour');
  });

describe('an event', () => {
  it('lets the user enter, and events count from when it happened', async () => {
    const ada = traveller(hourLong({ enter: signedUp }));
    await ada.track(signedUp, { plan: 'free' }, { ago: '10 minutes' });
    expect(ada.runs).toMatchObject([
      { enteredAt: ada.now, since: ada.now - 600_000, trigger: { name: 'Signed Up', properties: { plan: 'free' } } },
    ]);
  });

  it('is given to the journey', async () => {
    let plan: string | undefined;
    const reading = journey('reading', { enter: signedUp }, (j) => {
      plan = j.event.properties.plan;
      return Promise.resolve();
    });
    await traveller(reading).track(signedUp, { plan: 'pro' });
    expect(plan).toBe('pro');
  });
});

it('any activity is refused as a trigger', () => {
  expect(() => hourLong({ enter: activity })).toThrow(new TypeError(`trial: ${ANY_ACTIVITY_IS_NO_TRIGGER}`));
  expect(() => milestone(activity, [10])).toThrow(new TypeError(`milestone: ${ANY_ACTIVITY_IS_NO_TRIGGER}`));
});

describe('reenter', () => {
  const entries = async (reenter: NonNullable<JourneyOptions['reenter']>): Promise<number> => {
    const ada = traveller(hourLong({ enter: signedUp, reenter }));
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('30 minutes');
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('1 day');
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('2 days');
    await ada.track(signedUp, { plan: 'free' });
    return ada.runs.length;
  };

  it("'never' lets a user enter once", async () => expect(await entries('never')).toBe(1));
  it("'always' lets a user enter whenever they are not inside", async () => expect(await entries('always')).toBe(3));
  it("'after' lets a user enter again a while after the last entry", async () =>
    expect(await entries({ after: '2 days' })).toBe(2));

  it('counts per key', async () => {
    const key: JourneyOptions['key'] = ({ properties }) => properties['orderId'] as string;
    const ada = traveller(hourLong({ enter: orderPlaced, key }));
    for (const orderId of ['o-1', 'o-2', 'o-1']) {
      await ada.track(orderPlaced, { orderId });
      await ada.forward('2 hours');
    }
    expect(ada.runs.map(({ key }) => key)).toEqual(['o-1', 'o-2']);
  });
});

describe('an event without a key', () => {
  const noKey: JourneyOptions['key'] = ({ properties }) => (properties['order'] as unknown as { id: string }).id;

  it.each([
    ['event', orderPlaced],
    ['milestone', milestone(orderPlaced, [1])],
  ])('lets nobody enter a keyed journey by an %s, and a decision says so', async (_, enter) => {
    const ada = traveller(hourLong({ enter, key: noKey }));
    await ada.track(orderPlaced, { orderId: 'o-1' });
    expect(ada.runs).toEqual([]);
    expect(ada.decisions).toMatchObject([{ what: 'not entered', journey: 'trial', reason: 'the event has no key' }]);
  });
});

describe('a milestone', () => {
  const milestones = journey(
    'milestones',
    { enter: milestone(projectCreated, [3, 1]), reenter: 'always' },
    async (j) => {
      await j.award(`project ${j.event.properties.count}`, { points: j.event.properties.count });
    },
  );

  it('lets the user enter at each of its counts, and adds the count to the event', async () => {
    const ada = traveller(milestones);
    for (const name of ['One', 'Two', 'Three', 'Four']) await ada.track(projectCreated, { name });
    expect(ada.runs.map(({ trigger }) => trigger.properties)).toEqual([
      { name: 'One', count: 1 },
      { name: 'Three', count: 3 },
    ]);
    expect(ada.profile.points).toBe(4);
  });

  it('needs positive whole numbers', () => {
    expect(() => milestone(projectCreated, [])).toThrow('counts must be positive whole numbers, at least one');
    expect(() => milestone(projectCreated, [0])).toThrow('counts must be positive whole numbers, at least one');
    expect(() => milestone(projectCreated, [1.5])).toThrow('counts must be positive whole numbers, at least one');
  });

  it('that an edit adds also counts earlier events', async () => {
    const ada = traveller(hourLong({ enter: signedUp }));
    await ada.track(projectCreated, { name: 'One' });
    await ada.track(projectCreated, { name: 'Two' });
    await ada.deploy(milestones);
    await ada.track(projectCreated, { name: 'Three' });
    expect(ada.runs.map(({ trigger }) => trigger.properties['count'])).toEqual([3]);
  });
});

describe('the counts of a milestone', () => {
  const counting = (...counts: number[]): Journey =>
    journey('counting', { enter: milestone(projectCreated, counts), reenter: 'always' }, (j) =>
      j.award('counted', { points: j.event.properties.count }),
    );
  const DAY = 86_400_000;
  const define = (...journeys: Journey[]): Promise<Definitions> =>
    compile({ journeys, lifecycle: lifecycle({ initial: 'new', rules: [] }), ...unrestrained, traits: {} });
  const person = { id: 'ada', traits: {}, reachable: [], createdAt: DAY };
  const reached = (runs: readonly Run[]): unknown[] => runs.map(({ trigger }) => trigger.properties['count']);

  it('go on when an edit adds further ones after all were reached', async () => {
    const ada = new StoredUser(person, await define(counting(1, 2)), { pending: 'awaited', history: 'limited' });
    for (const day of [1, 2, 3, 4]) await ada.receive(deed(day));
    ada.definitions = await define(counting(1, 2, 5));
    await ada.receive(deed(5));
    expect(reached(ada.runs)).toEqual([1, 2, 5]);
  });

  it('include events that came while the definitions lacked the journey', async () => {
    const ada = traveller(counting(2, 4));
    await ada.track(projectCreated, { name: 'One' });
    await ada.deploy([]);
    await ada.track(projectCreated, { name: 'Two' });
    await ada.track(projectCreated, { name: 'Three' });
    await ada.deploy(counting(2, 4));
    await ada.track(projectCreated, { name: 'Four' });
    expect(reached(ada.runs)).toEqual([4]);
  });

  it('never go down, even if the history has a lower count', async () => {
    const host = new MemoryHost(person, await define(counting(3)));
    for (const day of [1, 2]) await host.take([deed(day)], day * DAY);
    const { events } = host.state.history;
    const history = {
      ...host.state.history,
      events: [...events, { ...deed(3), pending: true }],
      counts: { [projectCreated.name]: 0 },
    };
    const advanced = await advance({ ...host.state, history }, 3 * DAY, await define(counting(3, 4)));
    expect(advanced).toMatchObject({ changedRuns: [{ trigger: { properties: { count: 3 } } }] });
  });

  function deed(day: number): Omit<UserEvent, 'pending'> {
    return { id: String(day), name: projectCreated.name, at: day * DAY, receivedAt: day * DAY, properties: {} };
  }
});

describe('inactivity', () => {
  const nudge = (reenter: NonNullable<JourneyOptions['reenter']>, exit: JourneyOptions['exit'] = []): Journey =>
    journey('nudge', { enter: inactivity('2 days'), reenter, exit }, async (j) => {
      await j.sleep('a day', '1 day');
    });

  it('lets the user enter when the silence has lasted long enough, not before', async () => {
    const ada = traveller(nudge('never'));
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('47 hours');
    expect(ada.runs).toEqual([]);
    await ada.forward('1 hour');
    expect(ada.runs).toMatchObject([{ enteredAt: ada.now, since: ada.now, trigger: { name: 'inactivity' } }]);
  });

  it('starts again with any activity', async () => {
    const ada = traveller(nudge('never'));
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('1 day');
    await ada.track(teammateInvited, {});
    await ada.forward('47 hours');
    expect(ada.runs).toEqual([]);
    await ada.forward('1 hour');
    expect(ada.runs).toHaveLength(1);
  });

  it('lets the user enter once in a silence, and again in the next', async () => {
    const ada = traveller(nudge('always'));
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('30 days');
    expect(ada.runs).toHaveLength(1);
    await ada.track(teammateInvited, {});
    await ada.forward('30 days');
    expect(ada.runs).toHaveLength(2);
  });

  it('is over at once when the user is back, if activity is an exit', async () => {
    const ada = traveller(nudge('always', [activity]));
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('50 hours');
    await ada.track(teammateInvited, {});
    expect(ada.runs).toMatchObject([{ status: 'exited', endedAt: ada.now }]);
  });

  it('waits until the user may enter again', async () => {
    const ada = traveller(nudge({ after: '10 days' }));
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('4 days');
    await ada.track(teammateInvited, {});
    await ada.forward('7 days');
    expect(ada.runs).toHaveLength(1);
    await ada.forward('1 day');
    expect(ada.runs).toHaveLength(2);
    expect((ada.runs[1]?.enteredAt ?? 0) - (ada.runs[0]?.enteredAt ?? 0)).toBe(10 * 86_400_000);
  });
});

describe('a stage', () => {
  const stages = lifecycle({
    initial: 'new',
    rules: [
      { from: ['new', 'dormant'], to: 'active', on: projectCreated },
      { from: ['active'], to: 'dormant', inactive: '7 days' },
    ],
  });

  it('lets the user enter whenever it begins', async () => {
    const winBack = journey('win-back', { enter: stage('dormant'), reenter: 'always' }, async (j) => {
      await j.send('come back', { email: 'come-back' });
    });
    const ada = traveller(winBack, { with: { ...unrestrained, lifecycle: stages } });
    await ada.track(projectCreated, { name: 'One' });
    await ada.forward('10 days');
    await ada.track(projectCreated, { name: 'Two' });
    await ada.forward('10 days');
    expect(ada.runs).toMatchObject([{ trigger: { name: 'stage dormant' } }, {}]);
    expect(ada.messages).toHaveLength(2);
  });
});

describe('the event that changes the stage', () => {
  const stages = lifecycle({
    initial: 'new',
    rules: [
      { from: ['new'], to: 'active', on: projectCreated },
      { from: ['active'], to: 'new', on: accountDeleted },
    ],
  });
  const DAY = 86_400_000;

  it('is not an exit, a goal or an awaited event of the run that it causes', async () => {
    const left = hourLong({ enter: stage('active'), exit: [activity] });
    const waiting = journey('waiting', { enter: stage('active'), goal: { event: projectCreated } }, async (j) => {
      await j.waitFor('another', projectCreated);
    });
    const ada = traveller([left, waiting], { with: { lifecycle: stages } });
    await ada.track(projectCreated, { name: 'One' });
    await ada.forward('1 minute');
    expect(ada.runs).toMatchObject([
      { journey: 'trial', status: 'active' },
      { journey: 'waiting', status: 'active', goalAt: null },
    ]);
    await ada.track(projectCreated, { name: 'Two' });
    expect(ada.runs).toMatchObject([
      { journey: 'trial', status: 'exited' },
      {
        journey: 'waiting',
        status: 'completed',
        goalAt: ada.now,
        journal: [{ outcome: { properties: { name: 'Two' } } }],
      },
    ]);
  });

  it('causes an entry of its own, even if another one does in the same millisecond', async () => {
    const entering = journey('entering', { enter: stage('active'), reenter: 'always' }, (j) =>
      j.award('entered', { points: 1 }),
    );
    const definitions = await compile({ journeys: [entering], lifecycle: stages, ...unrestrained, traits: {} });
    const ada = new MemoryHost({ id: 'ada', traits: {}, reachable: [], createdAt: DAY }, definitions);
    for (const { name } of [projectCreated, accountDeleted, projectCreated]) await ada.receive(name, {}, DAY);
    expect(new Set(ada.runs.map(({ id }) => id)).size).toBe(2);
    expect(ada.state.memory).toMatchObject({ points: 2, entries: { entering: { count: 2 } } });
  });
});

describe('manual', () => {
  it('lets no user enter by an event or by time', async () => {
    const ada = traveller(hourLong({ enter: manual() }));
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('30 days');
    expect(ada.runs).toEqual([]);
  });
});

it('the ended runs of many keys are requested together, not key by key', async () => {
  const journeys = [hourLong({ enter: orderPlaced, key: ({ id }) => `o${Number(id) % 40}` })];
  const definitions = await compile({
    journeys,
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    ...unrestrained,
    traits: {},
  });
  const ada = { id: 'ada', traits: {}, reachable: [], createdAt: 0 };
  // These are more keys than the requests that the stored user allows in one advance.
  const user = new StoredUser(ada, definitions, { pending: 'awaited', history: 'limited' });
  for (let n = 1; n <= 50; n++)
    user.store({ id: String(n), name: 'Order Placed', at: n, receivedAt: n, properties: { orderId: `o${n % 40}` } });
  await user.advanceOnce(100);
  expect(user.runs).toHaveLength(40);
});
