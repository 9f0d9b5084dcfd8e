import { compile } from '../outline/compile';
import { stage } from '../user/triggers';
import fc from 'fast-check';
import { orderPlaced, projectCreated, signedUp, unrestrained } from '../testing/properties/catalogue';
import { type Definitions } from '../definitions/definitions';
import { traitChanged } from '../authoring/trait-changed';
import { journey, type Journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { policy, type Policy } from '../policy/define';

import { simulate, simulatePeople } from './index';
import { People } from './person';
import { population, type Persona, type Population, type Reaction } from './population';
import { simulationOf, type Simulation } from './simulation';
import { spanOf } from './span';
import { SimulationTally } from './tally';

const ALWAYS: Reaction = { open: 1, click: 0, optOut: 0, does: 0, after: '1 hour' };
const FAITHFUL: Persona = {
  share: 1,
  visitsPerWeek: 5,
  hours: (hour) => (hour >= 8 && hour < 22 ? 1 : 0),
  does: [{ event: projectCreated, chance: 0.3 }],
  reach: { email: 1, webPush: 0.5, inApp: 1 },
  reactions: { email: { ...ALWAYS, open: 0.5, click: 0.2, optOut: 0.05, does: 0.5 }, inApp: ALWAYS },
  churn: { perWeek: 0.1, opens: 0.5 },
};
const people = (persona: Partial<Persona> = {}, options: Partial<Population> = {}): Population =>
  population({
    kinds: { faithful: { ...FAITHFUL, ...persona } },
    zones: { 'Europe/Berlin': 1, 'America/New_York': 1 },
    arrive: [signedUp],
    over: '1 week',
    ...options,
  });

const welcome = journey('welcome', { enter: signedUp }, async (j) => {
  await j.send('welcome', { email: 'welcome' });
});
const onboarding = journey(
  'onboarding',
  { enter: signedUp, goal: { event: projectCreated, within: '14 days' } },
  async (j) => {
    await j.send('card', { inApp: 'card' });
    if (await j.waitFor('project', projectCreated, { within: '2 days' })) return;
    await j.send('nudge', { webPush: 'nudge', email: 'nudge' });
  },
);
const UNRESTRAINED = { with: unrestrained };

const alone = (journeys: Journey | readonly Journey[], limits: Policy, who = people()): Promise<Simulation> =>
  simulate(journeys, who, { people: 20, days: 21, with: { policy: limits } });
const funnelOf = ({ journeys }: Simulation, id: string): Simulation['journeys'][number] => {
  const found = journeys.find((one) => one.journey === id);
  if (!found) throw new Error(`No journey ${id}.`);
  return found;
};

test('people see questions, and answer those that they click', async () => {
  const help = journey('help', { enter: signedUp }, async (j) => {
    const away = { after: '1 day', channel: 'email', template: 'away' } as const;
    const choices = [
      { value: 'a', label: 'A' },
      { value: 'b', label: 'B' },
    ] as const;
    await j.ask('which', { text: 'Which?', choices, away }, { within: '14 days' });
  });
  const answering = { open: 1, click: 1, optOut: 0, does: 1, after: '1 hour' } as const;
  const who = people({ reactions: { inApp: answering, email: answering }, churn: { perWeek: 0, opens: 1 } });
  const { steps } = funnelOf(await alone(help, policy({ quietHours: null }), who), 'help');
  const outcomes = (step: string): object => steps.find((one) => one.step === step)?.outcomes ?? {};
  expect(Object.keys(outcomes('which: seen')).sort()).toEqual(['Message Seen', 'timeout']);
  expect(Object.keys(outcomes('which: answer')).sort()).toEqual(['a', 'b']);
});

test('the same seed makes the same people, and a different seed makes different people', async () => {
  const run = (seed: number): Promise<Simulation> => simulate([welcome, onboarding], people(), { people: 30, seed });
  const first = await run(1);
  expect(await run(1)).toEqual(first);
  expect({ ...(await run(2)), seed: 1 }).not.toEqual(first);
  expect(first).toMatchObject({ people: 30, days: 90, begin: '2026-01-05T00:00:00.000Z' });
});

test('the sums do not depend on the order of people, or on a split into parts', async () => {
  const definitions = await defined([welcome, onboarding]);
  const span = spanOf({ days: 30, seed: 7 });
  const all = 24;
  const run = (first: number, count: number): Promise<SimulationTally> =>
    simulatePeople(new People(people(), span), definitions, { first, count });
  const whole = simulationOf(await run(0, all), { span, from: 'population' }, definitions);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 1, max: all - 1 }), { maxLength: 4 }),
      fc.boolean(),
      async (cuts, back) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), all];
        const parts = edges.slice(1).map((end, index) => [edges[index] ?? 0, end] as const);
        const total = new SimulationTally(span.begin);
        for (const [from, to] of back ? parts.reverse() : parts) total.merge((await run(from, to - from)).sums());
        expect(simulationOf(total, { span, from: 'population' }, definitions)).toEqual(whole);
      },
    ),
    { numRuns: 10 },
  );
});

test('a message blocked by a cap is reported with the journeys that had used up the cap', async () => {
  const second = journey('second', { enter: signedUp }, async (j) => {
    await j.sleep('an hour', '1 hour');
    await j.send('too much', { email: 'too-much' });
  });
  const elsewhere = journey('third', { enter: signedUp }, async (j) => {
    await j.sleep('an hour', '1 hour');
    await j.send('elsewhere', { email: 'mail', inApp: 'card' });
  });
  const one = { day: 1, week: 10 };
  const simulation = await alone(
    [welcome, second, elsewhere],
    policy({ caps: { email: one }, quietHours: null }),
    people({ reactions: {} }),
  );
  const cap = 'capped: email 1 a day';
  const collision = { channel: 'email', cap, winners: ['welcome'], count: 20 };
  expect(simulation.collisions).toEqual([
    { journey: 'second', instead: null, ...collision },
    { journey: 'third', instead: 'inApp', ...collision },
  ]);
  expect(simulation.suppressed).toEqual([{ journey: 'second', channel: 'email', reason: cap, count: 20 }]);
});

test('messages of all channels can use up the total cap', async () => {
  const mail = journey('mail', { enter: signedUp }, async (j) => {
    await j.send('mail', { email: 'mail' });
  });
  const receipt = journey('receipt', { enter: signedUp, transactional: true }, async (j) => {
    await j.send('receipt', { inApp: 'receipt' });
  });
  const card = journey('card', { enter: signedUp }, async (j) => {
    await j.send('card', { inApp: 'card' });
  });
  const late = journey('late', { enter: signedUp }, async (j) => {
    await j.sleep('an hour', '1 hour');
    await j.send('late', { inApp: 'late' });
  });
  const nextDay = journey('next-day', { enter: signedUp }, async (j) => {
    await j.sleep('two days', '2 days');
    await j.send('card', { inApp: 'card' });
  });
  const limits = policy({ caps: { total: { day: 2, week: 9 } }, quietHours: null });
  const { collisions } = await alone([mail, receipt, card, late, nextDay], limits, people({ reactions: {} }));
  const cap = { channel: 'inApp', cap: 'capped: total 2 a day', instead: null };
  expect(collisions).toEqual([{ journey: 'late', ...cap, winners: ['card', 'mail'], count: 20 }]);
});

test('transactional messages collide with their own cap, which others do not use up', async () => {
  const mail = journey('mail', { enter: signedUp }, async (j) => {
    await j.send('mail', { email: 'mail' });
  });
  const receipts = journey('receipts', { enter: signedUp, transactional: true }, async (j) => {
    for (const number of ['first', 'second', 'third']) await j.send(number, { email: 'receipt' });
  });
  const limits = policy({ caps: { transactional: { day: 2, week: 9 } }, quietHours: null });
  const { collisions } = await alone([mail, receipts], limits, people({ reactions: {} }));
  const cap = { channel: 'email', cap: 'capped: transactional 2 a day', instead: null };
  expect(collisions).toEqual([{ journey: 'receipts', ...cap, winners: ['receipts'], count: 20 }]);
});

test('messages held in quiet hours are counted with the reason, and sent when quiet hours end', async () => {
  const almostAlways = policy({ quietHours: { from: '00:00', to: '23:00' } });
  const { held, channels } = await alone(welcome, almostAlways, people({ reactions: {} }));
  expect(held).toEqual([{ journey: 'welcome', channel: 'email', reason: 'quiet hours', count: 20 }]);
  expect(channels[0]).toMatchObject({ channel: 'email', sent: 20 });
});

test('people who click do what the journey waits for', async () => {
  const eager = { ...ALWAYS, click: 1, does: 1 };
  const onlyByMail = { does: [{ event: projectCreated, chance: 0 }], churn: { perWeek: 0, opens: 1 } };
  const nudging = journey(
    'nudging',
    { enter: signedUp, goal: { event: projectCreated, within: '7 days' } },
    async (j) => {
      await j.send('nudge', { email: 'nudge' });
      await j.waitFor('project', projectCreated, { within: '7 days' });
    },
  );
  const conversion = async (reactions: Persona['reactions']): Promise<unknown> =>
    funnelOf(await simulate(nudging, people({ ...onlyByMail, reactions }), { people: 20, ...UNRESTRAINED }), 'nudging')
      .goal;
  expect(await conversion({ email: eager })).toEqual({ watched: 20, reached: 20, rate: 1 });
  expect(await conversion({ email: { ...eager, does: 0 } })).toEqual({ watched: 20, reached: 0, rate: 0 });
});

test('people opt out once, and then get nothing more by that channel', async () => {
  const daily = journey('daily', { enter: signedUp }, async (j) => {
    await j.send('another', { email: 'mail' });
    for (let day = 1; day <= 5; day++) {
      await j.send(`mail ${day}`, { email: 'mail' });
      await j.sleep(`day ${day}`, '2 days');
    }
  });
  const reactions = { email: { ...ALWAYS, optOut: 1 } };
  const { channels, suppressed } = await simulate(daily, people({ reactions }), { people: 20, ...UNRESTRAINED });
  expect(channels[0]).toMatchObject({ sent: 40, opened: 40, optedOut: 20 });
  expect(suppressed).toEqual([{ journey: 'daily', channel: 'email', reason: 'no consent', count: 80 }]);
});

test('people who stopped visiting come back only by a click', async () => {
  const stages = lifecycle({ initial: 'here', rules: [{ from: ['here'], to: 'away', inactive: '21 days' }] });
  const back = journey('back', { enter: stage('away') }, async (j) => {
    await j.send('come back', { email: 'come-back' });
    await j.waitFor('project', projectCreated, { within: '30 days' });
  });
  const stopping = { churn: { perWeek: 1, opens: 1 }, does: [{ event: projectCreated, chance: 1 }] };
  const run = async (reactions: Persona['reactions']): Promise<Readonly<Record<string, number>> | undefined> => {
    const rules = { with: { ...unrestrained, lifecycle: stages } };
    const simulation = await simulate(back, people({ ...stopping, reactions }), { people: 20, ...rules });
    return funnelOf(simulation, 'back').steps[1]?.outcomes;
  };
  expect(await run({})).toEqual({ timeout: 20 });
  expect(await run({ email: { ...ALWAYS, click: 1 } })).toEqual({ 'Project Created': 20 });
});

test('no call is made, and the population supplies the answers', async () => {
  const calling = journey('calling', { enter: signedUp }, async (j) => {
    const answer = await j.call('score', (): Promise<number> => Promise.reject(new Error('called')));
    await j.exit('done', answer === null ? 'no answer' : 'an answer');
  });
  const reasons = async (answer?: Population['answer']): Promise<unknown> => {
    const simulation = await simulate(calling, people({}, answer ? { answer } : {}), { people: 5, days: 7 });
    return funnelOf(simulation, 'calling').ends;
  };
  expect(await reasons()).toEqual([{ became: 'exited', reason: 'no answer', count: 5 }]);
  expect(await reasons(({ step }) => step)).toEqual([{ became: 'exited', reason: 'an answer', count: 5 }]);
});

test('a funnel counts entries, steps, outcomes and ends, and a goal counts only runs observed for its whole time', async () => {
  const simulation = await simulate(onboarding, people({}, { over: '4 weeks' }), {
    people: 50,
    days: 28,
    ...UNRESTRAINED,
  });
  const { entered, steps, ends, active, completed, goal } = funnelOf(simulation, 'onboarding');
  const [card, project, nudge] = steps;
  expect([entered, card?.reached, project?.reached]).toEqual([50, 50, 50]);
  expect(project?.outcomes['timeout']).toBe(nudge?.reached);
  expect(active + completed).toBe(50);
  expect(ends).toEqual([{ became: 'completed', reason: 'finished', count: completed }]);
  expect(goal?.watched).toBeGreaterThan(0);
  expect(goal?.watched).toBeLessThan(50);
});

test('only whole person-weeks are counted, with all their messages', async () => {
  const { weeks, sent } = await simulate(welcome, people({}, { over: '1 minute' }), {
    people: 20,
    days: 22,
    ...UNRESTRAINED,
  });
  expect(weeks).toEqual([
    { messages: 0, count: 40 },
    { messages: 1, count: 20 },
  ]);
  expect(sent).toBe(20);
});

test('an invalid population is refused with an error that names what was expected', () => {
  expect(() => people({ churn: { perWeek: 2, opens: 1 } })).toThrow(
    "a chance of 'faithful' must be from 0 to 1, not 2",
  );
  expect(() => people({ reactions: { email: { ...ALWAYS, click: 0.6, optOut: 0.5 } } })).toThrow(
    "click and optOut of 'faithful' must not add up to more than open",
  );
  expect(() => people({}, { zones: { Nowhere: 1 } })).toThrow("'Nowhere' is not an IANA time zone");
  const order = { event: orderPlaced, chance: 1, properties: () => ({ number: 7 }) };
  expect(() => people({ does: [order] })).toThrow("must pass the schema of 'Order Placed'");
  expect(() => people({ visitsPerWeek: 5_000 })).toThrow(
    "visitsPerWeek of 'faithful' must be from 0 to 1000, not 5000",
  );
  expect(() => population({ kinds: {}, zones: {}, arrive: [], over: '1 day' })).toThrow('at least one kind');
  const missing = undefined as unknown as typeof signedUp;
  expect(() => people({}, { arrive: [missing] })).toThrow('Expected an event, not undefined.');
});

function defined(journeys: readonly Journey[]): Promise<Definitions> {
  return compile({ journeys, lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy(), traits: {} });
}

test('a habit can be the change of a trait, which happens only where the trait changes', async () => {
  const upgrade = traitChanged('plan', { to: 'pro' });
  const thanks = journey('thanks', { enter: upgrade, reenter: 'always' }, (j) => j.award('thanks', { points: 1 }));
  const does = [{ event: upgrade, chance: 1 }];
  const { journeys } = await simulate(thanks, people({ does, churn: { perWeek: 0, opens: 1 } }), {
    people: 20,
    ...UNRESTRAINED,
  });
  expect(journeys).toMatchObject([{ journey: 'thanks', entered: 20 }]);
});

test('people belong to the groups that the population gives them, and otherwise to none', async () => {
  const large = journey('large', { enter: signedUp }, async (j) => {
    await j.check('large', ({ group }) => Number(group('company').traits['seats']) > 50);
    await j.check('a company', ({ group }) => group('company').members.count === 1);
  });
  const traits: Population['traits'] = ({ number }) =>
    number % 4 === 3 ? {} : { groups: { [`company ${number % 4}`]: { seats: 30 * (1 + (number % 4)) } } };
  const { journeys } = await simulate(large, people({}, { traits }), { people: 20, ...UNRESTRAINED });
  expect(journeys).toMatchObject([
    {
      steps: [
        { step: 'large', outcomes: { yes: 10, no: 10 } },
        { step: 'a company', outcomes: { yes: 15, no: 5 } },
      ],
    },
  ]);
});

describe('what providers report', () => {
  const OPEN = { open: 1, click: 0, optOut: 0, does: 0, after: '1 minute' } as const;
  const gate = journey('gate', { enter: signedUp }, async (j) => {
    await j.send('gate', { email: 'gate', inApp: 'gate' }, { fallback: { unless: 'opened', after: '10 days' } });
    await j.sleep('a day', '1 day');
    await j.send('later', { email: 'later' });
  });
  const reachable = { email: 1, inApp: 1 };
  const ending = async (email: Reaction, options: Partial<Population> = {}): Promise<Record<string, number>> => {
    const who = people({ reach: reachable, reactions: { email }, churn: { perWeek: 0, opens: 1 } }, options);
    const { channels } = await alone(gate, policy({ quietHours: null }), who);
    return Object.fromEntries(
      channels.flatMap(({ channel, sent, bounced }) => [
        [channel, sent],
        [`${channel} back`, bounced],
      ]),
    );
  };

  test('an email that is opened has no fallback', async () => {
    expect(await ending(OPEN)).toMatchObject({ email: 40, 'email back': 0, inApp: 0 });
  });

  test('one that nobody opens is followed in time', async () => {
    expect(await ending({ ...OPEN, open: 0 })).toMatchObject({ email: 40, inApp: 20 });
  });

  test('one whose opening is not reported is followed, too', async () => {
    expect(await ending(OPEN, { receipts: { email: ['delivered'] } })).toMatchObject({ email: 40, inApp: 20 });
  });

  test('one that comes back is followed at once, and the address gets nothing more', async () => {
    expect(await ending({ ...OPEN, bounce: 1 })).toMatchObject({ email: 20, 'email back': 20, inApp: 20 });
  });

  test('the report says what is assumed', async () => {
    const { channels } = await alone(gate, policy(), people({}, { receipts: { webPush: ['clicked'] } }));
    expect(channels.map(({ channel, reports }) => [channel, reports])).toEqual([
      ['email', ['delivered', 'opened', 'clicked', 'bounced']],
      ['webPush', ['clicked']],
      ['inApp', []],
    ]);
  });
});
