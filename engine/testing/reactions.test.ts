import { z } from 'zod';
import { event } from '../authoring/event';
import { answered, answersTo, clicked, dismissed, snoozed } from '../authoring/message-events';
import { journey, type Journey, type Steps } from '../authoring/journey';
import { opened, prefetched } from '../authoring/receipt-events';
import { signedUp, unrestrained } from './properties/catalogue';
import { takes } from './takes';
import { traveller, type Traveller } from './traveller';
import type { TravellerOptions } from './traveller-options';

const left = event('Left', z.object({ reason: z.string().optional() }), {});
const asks = journey('asks', { enter: signedUp }, async (j) => {
  await j.send('ask', { inApp: 'ask' });
  const reply = await j.waitFor('reply', answered, { within: '7 days' });
  const coupon = await j.call('coupon', async (): Promise<{ code: string }> =>
    Promise.reject(new Error('really made')),
  );
  if (reply) await j.award('thanks', { badge: `${reply.properties.value}: ${coupon?.code ?? 'none'}` });
});

it('a person answers a message of a step, and a stand-in answers the call', async () => {
  const ada = traveller(asks, { calls: { coupon: async () => Promise.resolve({ code: 'A' }) } });
  await ada.track(signedUp, { plan: 'free' });
  await expect(ada.react('ask', answered)).rejects.toThrow("react('ask', answered, 'yes')");
  await expect(ada.react('other', clicked)).rejects.toThrow("No message of step 'other'");
  await ada.react('ask', clicked);
  expect(ada.profile.badges).toEqual([]);
  await ada.react('ask', answered, 'yes');
  expect(ada.profile.badges).toEqual(['yes: A']);
});

it('a call without a stand-in is an error, and one that fails shows its own', async () => {
  for (const [calls, error] of [
    [{}, "The call 'coupon' has no stand-in"],
    [
      { coupon: () => Promise.reject(new Error('down')) },
      "The stand-in of the call 'coupon' failed: down\nWithout bounds a failing stand-in is an error of the test; give the call `attempts` or `within`.",
    ],
  ] as const) {
    const ada = traveller(asks, { calls });
    await ada.track(signedUp, { plan: 'free' });
    await expect(ada.react('ask', answered, 'yes')).rejects.toThrow(error);
  }
});

describe('a stand-in for a call that no journey makes', () => {
  const none = async (): Promise<null> => Promise.resolve(null);
  const errorOf = async (run: Journey, calls: TravellerOptions['calls']): Promise<unknown> =>
    traveller(run, calls ? { calls } : {})
      .track(signedUp, { plan: 'free' })
      .catch((error: unknown) => (error as Error).message);
  const sleeps = journey('sleeps', { enter: signedUp }, async (j) => {
    await j.sleep('a day', '1 day');
  });

  it('is an error that lists the calls', async () => {
    const expected = "calls: no journey makes the call 'copoun'. Expected calls of 'coupon'.";
    expect(await errorOf(asks, { coupon: none, copoun: none })).toBe(expected);
    expect(await errorOf(asks, { ask: none })).toBe(
      "calls: no journey makes the call 'ask'. Expected calls of 'coupon'.",
    );
    expect(await errorOf(sleeps, { coupon: none })).toMatch('Expected no stand-ins: the journeys make no calls.');
  });

  it('is none if the name is filled in at run time, or a function elsewhere makes the call', async () => {
    const named = journey('named', { enter: signedUp }, async (j) => {
      await j.call(`coupon ${j.event.id}`, none);
    });
    const elsewhere = async (j: Pick<Steps<never>, 'call'>, step: string): Promise<unknown> => j.call(step, none);
    const hidden = journey('hidden', { enter: signedUp }, async (j) => {
      await elsewhere(j, `coupon ${j.event.id}`);
    });
    for (const run of [named, hidden]) expect(await errorOf(run, { 'coupon 1': none })).toBeUndefined();
    expect(await errorOf(named, { 'cuopon 1': none })).toMatch("no journey makes the call 'cuopon 1'");
  });

  it('is given to the deploy that brings the call', async () => {
    const edited = journey('sleeps', { enter: signedUp }, async (j) => {
      await j.sleep('a day', '1 day');
      await j.call('coupon', async () => 'really made');
    });
    const ada = traveller(sleeps, { calls: {} });
    await ada.track(signedUp, { plan: 'free' });
    await expect(ada.deploy(edited, { calls: { copoun: none } })).rejects.toThrow("no journey makes the call 'copoun'");
    await ada.deploy(edited, { calls: { coupon: async () => 'stand-in' } });
    await ada.forward('1 day');
    expect(ada.journal.at(-1)).toMatchObject({ step: 'coupon', outcome: 'stand-in' });
  });
});

describe('a reaction that can’t be', () => {
  const asking = journey('asking', { enter: signedUp }, async (j) => {
    await j.send('placed', { inApp: 'placed' });
    await j.send('letter', { sms: 'letter' });
    await j.ask('sure', { text: 'Sure?', choices: [{ value: 'yes', label: 'Yes' }] });
  });
  const begun = async (options: TravellerOptions = {}): Promise<Traveller> => {
    const ada = traveller(asking, { with: unrestrained, ...options });
    await ada.track(signedUp, { plan: 'free' });
    return ada;
  };

  it('to a message that did not go out in the app', async () => {
    const ada = await begun({ channels: ['inApp'] });
    for (const step of ['letter', 'other'])
      await expect(ada.react(step, clicked)).rejects.toThrow(`No message of step '${step}' went out in the app.`);
    await expect(ada.receipt('letter', opened)).rejects.toThrow("No message of step 'letter' went out.");
  });

  it('by an event that is none', async () => {
    const ada = await begun();
    const other = signedUp as unknown as typeof clicked;
    await expect(ada.react('placed', other)).rejects.toThrow(
      "'Signed Up' is no reaction to a message. Expected seen, clicked, dismissed, snoozed, answered.",
    );
    await expect(ada.receipt('placed', other)).rejects.toThrow(
      /^'Signed Up' is no receipt. Expected delivered, opened, /,
    );
    await ada.receipt('placed', prefetched);
    await expect(ada.react('placed', clicked, 'yes')).rejects.toThrow("'Message Clicked' has no value.");
  });

  it('with an answer to a message without choices, or with none of them', async () => {
    const plain = await begun({ templates: Promise.resolve(() => ({ title: 'Placed' })) });
    await expect(plain.react('placed', answered, 'q')).rejects.toThrow(
      "The message of step 'placed' has no choices, so it can't be answered.",
    );
    const ada = await begun();
    await expect(ada.react('sure', answered, 'q')).rejects.toThrow(
      "The message of step 'sure' can be answered by one of: yes.",
    );
    await ada.react('sure', answered, 'yes');
    expect(ada.runs).toMatchObject([{ status: 'completed' }]);
  });
});

it('a person opts out and in again, and belongs to groups', async () => {
  const daily = journey('daily', { enter: signedUp }, async (j) => {
    for (const day of [1, 2, 3]) {
      await j.send(`day ${day}`, { email: 'day' });
      await j.sleep(`night ${day}`, '1 day');
    }
  });
  const ada = traveller(daily, { with: unrestrained });
  await ada.group('navy', { seats: 5 });
  expect(ada.profile.traits).toEqual({ groups: { navy: { groupId: 'navy', seats: 5 } } });
  await ada.track(signedUp, { plan: 'free' });
  await ada.consent('email', false);
  await ada.forward('1 day');
  await ada.consent('email', true);
  await ada.forward('1 day');
  expect(ada.messages.map(({ step }) => step)).toEqual(['day 1', 'day 3']);
  expect(ada.suppressed).toMatchObject([{ step: 'day 2', cause: 'consent' }]);
});

it('the mailbox has what was sent, rendered with the facts of that time', async () => {
  const greets = journey('greets', { enter: signedUp }, async (j) => {
    await j.send('hello', { email: 'hello' }, { data: { n: 1 } });
  });
  const ada = traveller(greets, {
    traits: { name: 'Ada' },
    templates: Promise.resolve(({ journey: of, name, context }) => ({
      subject: `${of} ${name}`,
      html: `<p>${JSON.stringify(context.user.traits['name'])}</p>`,
      text: JSON.stringify(context.data),
    })),
  });
  await ada.track(signedUp, { plan: 'free' });
  await ada.identify({ name: 'Grace' });
  expect(ada.mailbox).toMatchObject([
    { step: 'hello', channel: 'email', subject: 'greets hello', html: '<p>"Ada"</p>', text: '{"n":1}' },
  ]);
  expect(() => traveller(greets).mailbox).toThrow("templatesIn('journeys')");
});

it('an optional property may be undefined', async () => {
  const ada = traveller(journey('leaving', { enter: left }, () => Promise.resolve()));
  const given: { reason?: string | undefined } = { reason: undefined };
  await ada.track(left, given);
  expect(ada.runs[0]?.trigger.properties).toEqual({});
});

describe('a slow stand-in', () => {
  const bounded = journey('bounded', { enter: signedUp }, async (j) => {
    const code = await j.call('coupon', async (): Promise<string> => 'real', { within: '3 hours', onFailure: 'null' });
    await j.award('badge', { badge: code ?? 'none' });
  });

  it('answers when its time has passed', async () => {
    const ada = traveller(bounded, { calls: { coupon: takes('2 hours', () => 'late') } });
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('119 minutes');
    expect(ada.profile.badges).toEqual([]);
    await ada.forward('1 minute');
    expect(ada.profile.badges).toEqual(['late']);
  });

  it('is too late after the end of the call', async () => {
    const ada = traveller(bounded, { calls: { coupon: takes('4 hours', () => 'late') } });
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('10 hours');
    expect(ada.profile.badges).toEqual(['none']);
  });

  it('fails when its time has passed', async () => {
    const failing = takes('2 hours', () => Promise.reject(new Error('503')));
    const ada = traveller(asks, { calls: { coupon: failing } });
    await ada.track(signedUp, { plan: 'free' });
    await ada.react('ask', answered, 'yes');
    await ada.forward('1 hour');
    await expect(ada.forward('1 hour')).rejects.toThrow('503');
  });
});

it('the inbox shows the cards of now', async () => {
  const cards = journey('cards', { enter: signedUp }, async (j) => {
    await j.send('tip', { inApp: 'tip' }, { expires: '1 hour' });
    await j.send('state one', { inApp: 'one' }, { slot: 'state' });
    await j.sleep('a day', '1 day');
    await j.send('state two', { inApp: 'two' }, { slot: 'state' });
  });
  const ada = traveller(cards, { with: unrestrained, templates: Promise.resolve(({ name }) => ({ title: name })) });
  await ada.track(signedUp, { plan: 'free' });
  const shown = (): string[] => ada.inbox.map(({ subject }) => subject).sort();
  expect(shown()).toEqual(['one', 'tip']);
  await ada.react('tip', clicked);
  await ada.forward('1 hour');
  expect(shown()).toEqual(['one']);
  await ada.forward('1 day');
  expect(shown()).toEqual(['two']);
  await ada.react('state two', dismissed);
  expect(shown()).toEqual([]);
});

describe('surveys', () => {
  const nps = answersTo('nps', { score: 'number', why: 'text' });
  const surveys = journey('surveys', { enter: signedUp }, async (j) => {
    await j.send('nps', { inApp: 'nps' });
    const answer = await j.waitFor('answer', nps, { within: '7 days' });
    const score: number | undefined = answer?.properties.answers.score;
    await j.award('thanks', { badge: `${answer?.properties.value}: ${score} ${answer?.properties.answers.why}` });
  });
  const content = {
    kind: 'survey',
    snooze: { label: 'Later', seconds: 3_600 },
    questions: [
      { id: 'score', type: 'nps', ask: 'How likely?', next: [{ atLeast: 9, to: 'end' }] },
      { id: 'why', type: 'text', ask: 'Why?' },
    ],
  };
  const templates = Promise.resolve(() => content);

  it('a person answers the questions of a survey, typed by what the journey says they are', async () => {
    const ada = traveller(surveys, { templates });
    await ada.track(signedUp, { plan: 'free' });
    await ada.react('nps', answered, { score: 4, why: 'Slow' });
    expect(ada.profile.badges).toEqual(['4: 4 Slow']);
  });

  it('an answer that the survey does not ask for is an error that says what is wrong', async () => {
    const ada = traveller(surveys, { templates });
    await ada.track(signedUp, { plan: 'free' });
    await expect(ada.react('nps', answered, { score: 11 })).rejects.toThrow(
      'score must be a whole number from 0 to 10',
    );
    await expect(ada.react('nps', answered, { score: 4 })).rejects.toThrow('why must be answered');
    await expect(ada.react('nps', answered, 'yes')).rejects.toThrow("react('nps', answered, { score: 9 })");
    await ada.react('nps', answered, { score: 9 });
    expect(ada.profile.badges).toEqual(['9: 9 undefined']);
  });

  it('without templates the answers are taken as they are', async () => {
    const ada = traveller(surveys);
    await ada.track(signedUp, { plan: 'free' });
    await ada.react('nps', answered, { score: 4 });
    expect(ada.profile.badges).toEqual(['4: 4 undefined']);
  });

  it('a message that is put off comes back when its time has passed', async () => {
    const ada = traveller(surveys, { templates });
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.inbox).toHaveLength(1);
    await ada.react('nps', snoozed);
    expect(ada.inbox).toEqual([]);
    await ada.forward('1 hour');
    expect(ada.inbox).toHaveLength(1);
  });
});

it('the answer to a quiz says whether it is right', async () => {
  const quiz = journey('quiz', { enter: signedUp }, async (j) => {
    await j.send('legs', { inApp: 'legs' });
    const answer = await j.waitFor('answer', answered, { within: '7 days' });
    if (answer?.properties.right === true) await j.award('right', { points: 10 });
  });
  const options = [{ value: '6' }, { value: '8' }];
  const templates = Promise.resolve(() => ({ kind: 'quiz', poll: 'legs', options, right: '8' }));
  for (const [value, points] of [
    ['8', 10],
    ['6', 0],
  ] as const) {
    const ada = traveller(quiz, { templates });
    await ada.track(signedUp, { plan: 'free' });
    await ada.react('legs', answered, value);
    expect(ada.profile.points).toBe(points);
  }
});
