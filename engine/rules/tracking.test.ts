import { z } from 'zod';
import { event } from '../authoring/event';
import { journey, type Journey } from '../authoring/journey';
import { explore } from '../explore';
import { journeyDefinition } from '../json/schema';
import { mistakesIn } from '../json/mistakes';
import { toJourney } from '../json/to-journey';
import { compile } from '../outline/compile';
import { endlessCycles } from '../outline/cycles';
import { policy } from '../policy/define';
import { lifecycle } from '../authoring/lifecycle';
import { MemoryHost } from '../testing/memory-host';
import { signedUp } from '../testing/properties/catalogue';
import { traveller } from '../testing/traveller';

/** Events that journeys track for others; see `docs/semantics.md`. */

const joined = event('Joined', z.object({ name: z.string(), invitedBy: z.string() }), {
  name: 'Bob',
  invitedBy: 'ada',
});
const accepted = event('Invite Accepted', z.object({ name: z.string() }), { name: 'Bob' });
const empty = z.record(z.string(), z.string());
const ping = event<Record<string, string>, string>('Ping', empty, {});
const pong = event<Record<string, string>, string>('Pong', empty, {});

const invited = journey('invited', { enter: joined }, async (j) => {
  const { invitedBy, name } = j.event.properties;
  await j.track('tell the inviter', { userId: invitedBy }, accepted, { name });
  await j.award('credit', { points: 100 });
});
const inviter = journey(
  'inviter',
  { enter: accepted, key: ({ properties: { name } }) => (typeof name === 'string' ? name : undefined) },
  async (j) => {
    await j.award('credit', { points: 100 });
    await j.send('thanks', { email: 'credit' });
  },
);

const RULES = { lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy({ quietHours: null }), traits: {} };
const NOON = Date.parse('2026-01-05T12:00:00Z');

async function person(id: string, ...journeys: readonly Journey[]): Promise<MemoryHost> {
  const user = { id, traits: {}, reachable: ['email'] as const, createdAt: NOON };
  return new MemoryHost(user, await compile({ journeys, ...RULES }));
}

describe('a tracked event', () => {
  it('reaches the other person like any event, and is no activity of theirs', async () => {
    const [bob, ada] = [await person('bob', invited, inviter), await person('ada', invited, inviter)];
    await bob.receive('Joined', { name: 'Bob', invitedBy: 'ada' }, NOON);
    expect(bob.tracked).toMatchObject([
      { userId: 'ada', name: 'Invite Accepted', at: NOON, properties: { name: 'Bob' } },
    ]);
    for (const one of bob.tracked) await ada.accept(one, NOON + 5);
    expect(ada.runs).toMatchObject([{ journey: 'inviter', key: 'Bob', status: 'completed' }]);
    expect([...ada.messages.values()]).toMatchObject([{ template: 'credit', status: 'queued' }]);
    expect(ada.state.lastSeenAt).toBe(NOON);
  });

  it('is the same event whenever it is decided, and is received once', async () => {
    const [early, late, ada] = [
      await person('bob', invited),
      await person('bob', invited),
      await person('ada', inviter),
    ];
    const { history } = early.state;
    const properties = { name: 'Bob', invitedBy: 'ada' };
    const event = { id: '1', name: 'Joined', at: NOON, receivedAt: NOON, properties, pending: true };
    for (const bob of [early, late]) bob.state = { ...bob.state, history: { ...history, events: [event] } };
    await early.decide(NOON);
    await late.decide(NOON + 60_000);
    expect(late.tracked.map(({ id }) => id)).toEqual(early.tracked.map(({ id }) => id));
    // Like a message, it does not happen in the past.
    expect(late.tracked[0]?.at).toBe(NOON + 60_000);
    for (const one of [...early.tracked, ...late.tracked]) await ada.accept(one, NOON + 60_000);
    expect(ada.runs).toHaveLength(1);
  });

  it('may be for the person themselves', async () => {
    const again = journey('again', { enter: signedUp }, async (j) => {
      const me = await j.pick('me', ({ user }) => user.id);
      await j.track('ping', { userId: me }, ping, {});
    });
    const pinged = journey('pinged', { enter: ping }, (j) => j.award('ping', { points: 1 }));
    const ada = traveller([again, pinged]);
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.profile.points).toBe(1);
    expect(ada.tracked).toMatchObject([{ userId: 'ada', name: 'Ping' }]);
  });

  it.each([
    ['user', '', {}],
    ['user', 'x'.repeat(201), {}],
    ['size', 'ada', { text: 'x'.repeat(32 * 1024) }],
  ])('is refused for its %s, and the run goes on', async (refused, userId, properties) => {
    const telling = journey('telling', { enter: signedUp }, async (j) => {
      await j.track('tell', { userId }, ping, properties);
      await j.award('told', { points: 1 });
    });
    const ada = traveller(telling);
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.tracked).toEqual([]);
    expect(ada.journal[0]).toMatchObject({ step: 'tell', status: 'done', outcome: { refused } });
    expect(ada.decisions).toContainEqual(expect.objectContaining({ step: 'tell', what: 'refused' }));
    expect(ada.profile.points).toBe(1);
  });
});

describe('journeys that answer one another', () => {
  const answering = (id: string, heard: typeof ping, said: typeof pong): Journey =>
    journey(id, { enter: heard, reenter: 'always' }, async (j) => {
      if (!(await j.check('polite', () => true))) return;
      await j.track('answer', { userId: 'ada' }, said, {});
    });

  it('stop after 16 events in a row, and the step records it', async () => {
    const ada = traveller([answering('one', ping, pong), answering('other', pong, ping)]);
    await ada.track(ping, {});
    expect(ada.tracked).toHaveLength(16);
    const last = ada.runs.flatMap(({ journal }) => journal).at(-1);
    expect(last).toMatchObject({ step: 'answer', status: 'done', outcome: { refused: 'hops' } });
    // What a person does starts the count anew.
    await ada.track(ping, {});
    expect(ada.tracked).toHaveLength(32);
  });

  it('count the events that ended a wait too', async () => {
    const asking = journey('asking', { enter: ping, reenter: 'always' }, async (j) => {
      for (let round = 1; round < 40; round++) {
        await j.track(`ask ${round}`, { userId: 'ada' }, pong, {});
        if (!(await j.waitFor(`reply ${round}`, signedUp, { within: '1 hour' }))) return;
      }
    });
    const replying = journey('replying', { enter: pong, reenter: 'always' }, async (j) => {
      await j.track('reply', { userId: 'ada' }, signedUp, { plan: 'free' });
    });
    const ada = traveller([asking, replying]);
    await ada.track(ping, {});
    expect(ada.tracked).toHaveLength(16);
  });

  const cyclesOf = async (...journeys: readonly Journey[]): Promise<string[]> => [
    ...endlessCycles(await compile({ journeys, ...RULES })).values(),
  ];
  const sure = (id: string, heard: typeof ping, said: typeof pong): Journey =>
    journey(id, { enter: heard }, async (j) => {
      if (await j.check('either', () => true)) await j.award('one way', { points: 1 });
      await j.track('answer', { userId: 'ada' }, said, {});
    });

  it('are found before anybody enters', async () => {
    expect(await cyclesOf(sure('one', ping, pong), sure('other', pong, ping))).toEqual([
      "one goes on without end: 'one' tracks 'Pong', by which 'other' is entered; 'other' tracks 'Ping', by which 'one' is entered. Let one of them take time, or decide by a check.",
      "other goes on without end: 'other' tracks 'Ping', by which 'one' is entered; 'one' tracks 'Pong', by which 'other' is entered. Let one of them take time, or decide by a check.",
    ]);
    expect(await cyclesOf(sure('self', ping, ping))).toHaveLength(1);
  });

  it('are a defect in explore, of a journey alone and beside the others', async () => {
    const [one, other] = [sure('one', ping, pong), sure('other', pong, ping)];
    const found = async (journey: Journey, ...journeys: readonly Journey[]): Promise<unknown> =>
      (await explore(journey, { with: { journeys } })).defects;
    const cycle = (text: string) => [{ kind: 'endless cycle', text: expect.stringContaining(text) }];
    expect(await found(one, one, other)).toMatchObject(cycle("'other' tracks 'Ping', by which 'one' is entered"));
    expect(await found(other, one, other)).toMatchObject(cycle('other goes on without end'));
    expect(await found(sure('self', ping, ping))).toMatchObject(cycle('self goes on without end'));
    expect(await found(one, one, answering('other', pong, ping))).toEqual([]);
  });

  it('are no endless cycle if one takes time, decides, or narrows the event', async () => {
    const patient = journey('patient', { enter: pong }, async (j) => {
      await j.sleep('a day', '1 day');
      await j.track('answer', { userId: 'ada' }, ping, {});
    });
    const narrow = sure('narrow', pong.where({ to: 'x' }), ping);
    expect(await cyclesOf(sure('one', ping, pong), patient)).toEqual([]);
    expect(await cyclesOf(sure('one', ping, pong), answering('other', pong, ping))).toEqual([]);
    expect(await cyclesOf(sure('one', ping, pong), narrow)).toEqual([]);
    expect(await cyclesOf(sure('one', ping, pong))).toEqual([]);
  });
});

describe('an edit', () => {
  const telling = (...steps: readonly string[]): Journey =>
    journey('telling', { enter: signedUp }, async (j) => {
      for (const step of steps)
        if (step === 'wait') await j.sleep(step, '1 day');
        else await j.track(step, { userId: 'bob' }, ping, {});
    });

  it('never tracks an event again, and a new step behind the position tracks none', async () => {
    const ada = traveller(telling('tell', 'wait'));
    await ada.track(signedUp, { plan: 'free' });
    await ada.deploy(telling('new', 'tell', 'wait', 'later'));
    expect(ada.tracked).toHaveLength(1);
    expect(ada.runs[0]?.journal).toContainEqual(expect.objectContaining({ step: 'new', status: 'skipped' }));
    await ada.forward('1 day');
    expect(ada.tracked).toHaveLength(2);
  });
});

describe('for several users', () => {
  const telling = (userIds: readonly string[]): Journey =>
    journey('telling', { enter: signedUp }, async (j) => {
      await j.track('tell', { userIds }, ping, {});
      await j.award('done', { points: 1 });
    });

  it('an event happens to each of them once, with an id of its own', async () => {
    const ada = traveller(telling(['bob', 'cleo', 'bob', 'dan', ...Array.from({ length: 100 }, () => 'cleo')]));
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.tracked.map(({ userId, name }) => [userId, name])).toEqual([
      ['bob', 'Ping'],
      ['cleo', 'Ping'],
      ['dan', 'Ping'],
    ]);
    expect(new Set(ada.tracked.map(({ id }) => id)).size).toBe(3);
    expect(ada.journal[0]).toMatchObject({ outcome: { times: 3, refused: null }, reason: 'Ping, 3 times' });
  });

  it('what has no user id is refused, and the others get it', async () => {
    const ada = traveller(telling(['', 'bob']));
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.tracked.map(({ userId }) => userId)).toEqual(['bob']);
    expect(ada.journal[0]).toMatchObject({ outcome: { times: 1, refused: 'user' } });
    expect(ada.profile.points).toBe(1);
  });

  it('nobody is told of an empty list, and more than 100 are an error', async () => {
    const ada = traveller(telling([]));
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.tracked).toEqual([]);
    const bob = traveller(telling(Array.from({ length: 101 }, (_, n) => `user ${n}`)));
    await bob.track(signedUp, { plan: 'free' });
    expect(bob.runs[0]?.failure?.error).toContain('at most 100 users');
  });
});

describe('as data', () => {
  const CATALOGUE = new Map([joined, accepted, ping].map((one) => [one.name, one]));
  const step = {
    kind: 'track',
    step: 'tell the inviter',
    userId: { var: 'entered.properties.invitedBy' },
    event: 'Invite Accepted',
    properties: { name: { var: 'entered.properties.name' }, by: ['mail'] },
  };
  const definition = (one: object): object => ({ enter: { kind: 'event', event: 'Joined' }, steps: [one] });

  it('a step tracks the same', async () => {
    const parsed = journeyDefinition.parse(definition(step));
    expect(mistakesIn(parsed, CATALOGUE)).toEqual([]);
    const bob = traveller(toJourney('invited', parsed, CATALOGUE), { id: 'bob' });
    await bob.track(joined, { name: 'Bob', invitedBy: 'ada' });
    expect(bob.tracked).toMatchObject([
      { userId: 'ada', name: 'Invite Accepted', properties: { name: 'Bob', by: ['mail'] } },
    ]);
  });

  it('mistakes are named with their place', () => {
    const paths = (one: object): readonly PropertyKey[][] => {
      const { data, error } = journeyDefinition.safeParse(definition({ ...step, ...one }));
      return (data ? mistakesIn(data, CATALOGUE) : error.issues).map(({ path }) => [...path]);
    };
    expect(paths({ event: 'Unknown' })).toEqual([['steps', 0, 'event']]);
    expect(paths({ event: '*' })).toEqual([['steps', 0, 'event']]);
    expect(paths({ userId: { var: 'entered.properties.inviter' } })).toEqual([['steps', 0, 'userId', 'var']]);
    expect(paths({ properties: { name: { var: 'entered.properties.inviter' } } })).toEqual([
      ['steps', 0, 'properties', 'name', 'var'],
    ]);
    expect(paths({ properties: { name: { var: 'user.traits.name' } } })).not.toEqual([]);
  });
});

it('explore goes on behind it', async () => {
  const { paths, defects, tree } = await explore(invited);
  expect(defects).toEqual([]);
  expect(paths).toBe(1);
  expect(JSON.stringify(tree)).toContain('tell the inviter');
});
