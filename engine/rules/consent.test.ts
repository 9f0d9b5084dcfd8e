import fc from 'fast-check';
import { answered } from '../authoring/message-events';
import { consentGiven, subscribed, unsubscribed } from '../authoring/consent-events';
import { anyOf } from '../authoring/event';
import { journey, type Journey } from '../authoring/journey';
import { explore } from '../explore';
import { journeyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import { OWN_CHANNEL_DEFAULTS, type ChannelSpec } from '../model/channels';
import { PERSONAL_CHANNELS, type Consent } from '../model/consent';
import type { ChannelName } from '../model/state';
import { policy } from '../policy/define';
import { lifecycle } from '../authoring/lifecycle';
import { projectCreated, signedUp, teammateInvited, unrestrained } from '../testing/properties/catalogue';
import { deployments, editions } from '../testing/properties/edited-life';
import { plain } from '../testing/properties/plan';
import { plans, type Ingredients } from '../testing/properties/random-journey';
import { BEGIN, deeds, define, defineJourneys, policies, users } from '../testing/properties/random-life';
import { AnsweringUser } from '../testing/properties/answering-user';
import type { Keeping } from '../testing/properties/stored-user';
import { traveller } from '../testing/traveller';

/** Consent that journeys withdraw or confirm; see `docs/semantics.md`. */

const MINUTE = 60_000;
const DAY = 86_400_000;
const FREE = { plan: 'free' };

/** Answers for the user when a teammate is invited. */
const answering = (answers: Consent, options: Partial<Parameters<typeof journey>[1]> = {}): Journey =>
  journey('answering', { enter: teammateInvited, reenter: 'always', ...options }, (j) => j.consent('answer', answers));

const mailing = journey('mailing', { enter: projectCreated, reenter: 'always' }, async (j) => {
  await j.send('mail', { email: 'mail' });
});

it('a no stops what other journeys send by the channel, and nothing else', async () => {
  const ada = traveller(
    [
      answering({ email: false }),
      mailing,
      journey('receipt', { enter: projectCreated, reenter: 'always', transactional: true }, async (j) => {
        await j.send('receipt', { email: 'receipt' });
        await j.send('card', { inApp: 'card' }, { transactional: false });
      }),
    ],
    { with: unrestrained },
  );
  await ada.track(teammateInvited, {});
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.messages.map(({ step }) => step).sort()).toEqual(['card', 'receipt']);
  expect(ada.suppressed).toMatchObject([{ step: 'mail', cause: 'consent', reason: 'no consent' }]);
});

it('a no stops a message that another journey holds', async () => {
  const rules = { lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy(), traits: {} };
  const ada = traveller([answering({ email: false }), mailing], { at: '2026-01-05T23:00:00Z', with: rules });
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.held).toMatchObject([{ step: 'mail' }]);
  await ada.track(teammateInvited, {});
  await ada.forward('1 day');
  expect(ada.messages).toEqual([]);
  expect(ada.suppressed).toMatchObject([{ step: 'mail', cause: 'consent' }]);
});

it('the outcome is what holds, and the reason says why', async () => {
  const run = journey('run', { enter: signedUp }, async (j) => {
    await j.consent('first', { email: false, webPush: true });
    await j.consent('second', { email: true, webPush: false });
    await j.consent('third', { email: false, inApp: true });
  });
  const ada = traveller(run);
  await ada.track(signedUp, FREE);
  expect(ada.journal).toMatchObject([
    { kind: 'consent', outcome: { email: false, webPush: true }, reason: 'email: no, webPush: yes' },
    { outcome: { email: false, webPush: false }, reason: 'email: stays no, webPush: no' },
    { outcome: { email: false, inApp: true }, reason: 'email: no already, inApp: yes' },
  ]);
});

it('a yes lifts no no of the user, and none of a journey', async () => {
  const ada = traveller([answering({ email: true }), mailing], { with: unrestrained });
  await ada.consent('email', false);
  await ada.track(teammateInvited, {});
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.messages).toEqual([]);
  await ada.consent('email', true);
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.messages).toHaveLength(1);
});

it('what the user answers after a no of a journey holds', async () => {
  const ada = traveller([answering({ email: false }), mailing], { with: unrestrained });
  await ada.track(teammateInvited, {});
  await ada.consent('email', true);
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.messages).toHaveLength(1);
});

it('a withdrawal is an event for all journeys, once, and a repeated one is none', async () => {
  const told = journey('told', { enter: unsubscribed, reenter: 'always' }, (j) => j.award('told', { points: 1 }));
  const leaving = journey('leaving', { enter: signedUp, exit: [unsubscribed.where({ channel: 'email' })] }, (j) =>
    j.sleep('long', '30 days'),
  );
  const ada = traveller([answering({ email: false, inApp: true }), told, leaving]);
  await ada.track(signedUp, FREE);
  await ada.track(teammateInvited, {});
  await ada.track(teammateInvited, {});
  expect(ada.profile.points).toBe(1);
  expect(ada.runs.find((run) => run.journey === 'leaving')).toMatchObject({ status: 'exited', reason: 'Unsubscribed' });
  expect(ada.tracked.map(({ name, properties }) => [name, properties])).toEqual([
    ['Unsubscribed', { channel: 'email', $source: { journey: 'answering', step: 'answer', hops: 1 } }],
    ['Consent Given', { channel: 'inApp', $source: { journey: 'answering', step: 'answer', hops: 1 } }],
    ['Consent Given', { channel: 'inApp', $source: { journey: 'answering', step: 'answer', hops: 1 } }],
  ]);
});

it('journeys that only answer one another about consent come to an end', async () => {
  const echo = journey('echo', { enter: consentGiven, reenter: 'always' }, async (j) => {
    await j.award('heard', { points: 1 });
    await j.consent('again', { email: true });
  });
  const ada = traveller(echo);
  await ada.consent('email', true);
  expect(ada.profile.points).toBe(17);
  expect(ada.journal.at(-1)?.reason).toContain('no journey is told: 16 events in a row');
});

it('every yes of the user is an event, also one that repeats the former answer; a repeated no is none', async () => {
  const count = journey(
    'count',
    { enter: anyOf(consentGiven, subscribed, unsubscribed), reenter: 'always', key: ({ name }) => name },
    (j) => j.flag('told', `${j.event.name} ${j.event.properties.channel}`),
  );
  const ada = traveller(count);
  const toldOf = async (channel: ChannelName, answer: boolean): Promise<string[]> => {
    const before = Object.keys(ada.profile.flags);
    await ada.consent(channel, answer);
    return Object.keys(ada.profile.flags).filter((name) => !before.includes(name));
  };
  expect(await toldOf('webPush', true)).toEqual(['Consent Given webPush']);
  expect(await toldOf('email', false)).toEqual(['Unsubscribed email']);
  expect(ada.runs).toHaveLength(2);
  await ada.consent('email', false);
  expect(ada.runs).toHaveLength(2);
  expect(await toldOf('email', true)).toEqual(['Subscribed email', 'Consent Given email']);
});

it('a check reads what holds now, and how old a yes is', async () => {
  const read = journey('read', { enter: signedUp, reenter: 'always' }, async (j) => {
    await j.check('mail', ({ user }) => user.consent.email);
    await j.pick('days', ({ did, now }) => {
      const last = did(consentGiven.where({ channel: 'email' })).last;
      return last && (now - last.at) / DAY;
    });
  });
  const ada = traveller(read);
  await ada.track(signedUp, FREE);
  expect(ada.journal).toMatchObject([{ outcome: true, facts: { 'consent.email': true } }, { outcome: null }]);
  await ada.consent('email', true);
  await ada.forward('3 days');
  await ada.consent('email', false);
  await ada.track(signedUp, FREE);
  expect(ada.journal).toMatchObject([{ outcome: false, facts: { 'consent.email': false } }, { outcome: 3 }]);
});

it('an edit that removes the step does not give consent back, and one behind the position changes nothing', async () => {
  const ending = (isFirst: boolean, isLast: boolean): Journey =>
    journey('ending', { enter: signedUp }, async (j) => {
      if (isFirst) await j.consent('first', { email: false });
      await j.sleep('a day', '1 day');
      if (isLast) await j.consent('last', { inApp: false });
      await j.sleep('another day', '1 day');
      await j.send('mail', { email: 'mail', inApp: 'card' });
    });
  const ada = traveller(ending(true, false), { with: unrestrained, channels: ['email'] });
  await ada.track(signedUp, FREE);
  await ada.forward('36 hours');
  await ada.deploy(ending(false, true));
  await ada.forward('2 days');
  expect(ada.suppressed).toMatchObject([{ channel: 'inApp', cause: 'address' }]);
  const bob = traveller(ending(false, false), { with: unrestrained, channels: ['email'] });
  await bob.track(signedUp, FREE);
  await bob.deploy(ending(true, false));
  await bob.forward('2 days');
  expect(bob.messages).toMatchObject([{ channel: 'email' }]);
});

it.each([[{}], [{ fax: false }], [{ email: 'no' }]])('%j is a mistake', async (answers) => {
  const ada = traveller(answering(answers as Consent));
  await ada.track(teammateInvited, {});
  expect(ada.runs).toMatchObject([
    {
      status: 'failed',
      reason:
        'consent: expected true or false for email, webPush, inApp, push, sms, voice, whatsApp, for one of them at least.',
    },
  ]);
});

describe('a channel of the team’s own', () => {
  const line: ChannelSpec = { name: 'line', label: 'LINE', address: { by: 'id' }, ...OWN_CHANNEL_DEFAULTS };
  const crm: ChannelSpec = { ...line, name: 'crm', label: 'CRM', toPerson: false };
  const own = { with: { ...unrestrained, channels: [line, crm] } };
  const told = journey('told', { enter: projectCreated, reenter: 'always' }, async (j) => {
    const agrees = await j.pick('agrees', ({ user }) => String(user.consent['line']));
    await j.send(`told ${agrees}`, { line: 'news' });
  });

  it('is agreed to until a journey says no, which stops its messages', async () => {
    const ada = traveller([answering({ line: false }), told], own);
    await ada.track(projectCreated, { name: 'Engine' });
    await ada.track(teammateInvited, {});
    await ada.track(projectCreated, { name: 'Engine' });
    expect(ada.messages).toMatchObject([{ step: 'told true', channel: 'line' }]);
    expect(ada.suppressed).toMatchObject([{ step: 'told false', cause: 'consent', reason: 'no consent' }]);
  });

  it('is answered about and asked about by a journey as data, as by one in code', async () => {
    const definition = journeyDefinition.parse({
      enter: { kind: 'event', event: projectCreated.name },
      reenter: 'always',
      steps: [
        { kind: 'check', step: 'agrees', if: { var: 'user.consent.line' } },
        { kind: 'consent', step: 'answer', channels: { line: false, sms: true } },
      ],
    });
    const made = toJourney('told', definition, new Map([[projectCreated.name, projectCreated]]), [line, crm]);
    const ada = traveller(made, own);
    await ada.track(projectCreated, { name: 'Engine' });
    await ada.track(projectCreated, { name: 'Engine' });
    expect(ada.runs.map(({ journal }) => journal.map(({ outcome }) => outcome))).toEqual([
      [true, { line: false, sms: true }],
      [false, { line: false, sms: true }],
    ]);
  });

  it('that is not there is a defect that explore finds before a user does', async () => {
    const of = async (channel: string) => (await explore(answering({ [channel]: false }), own)).defects;
    expect(await of('line')).toEqual([]);
    expect(await of('fax')).toMatchObject([{ kind: 'error', step: expect.any(String) as string }]);
  });

  it.each([['crm'], ['fax']])('can be answered about only if it reaches people: %s', async (channel) => {
    const ada = traveller(answering({ [channel]: false }), own);
    await ada.track(teammateInvited, {});
    const reason =
      'consent: expected true or false for email, webPush, inApp, push, sms, voice, whatsApp, line, for one of them at least.';
    expect(ada.runs).toMatchObject([{ status: 'failed', reason }]);
  });
});

it('a step that is decided late leaves what the user agreed to since, and an app can say so in the app', async () => {
  const late = journey('late', { enter: plain('Start') }, async (j) => {
    await j.waitFor('yes', answered, { within: '14 days' });
    await j.consent('no answer', { email: false, webPush: false });
  });
  const user = new AnsweringUser(
    { id: 'ada', traits: {}, reachable: [], createdAt: BEGIN },
    await defineJourneys([late]),
    { pending: 'awaited', history: 'limited' },
  );
  await user.receive({ id: '1', name: 'Start', at: BEGIN, receivedAt: BEGIN, properties: {} });
  user.answerConsent('email', true, BEGIN + 13 * DAY);
  user.answerConsent('webPush', true, BEGIN + 14 * DAY + 1);
  await user.advance(BEGIN + 16 * DAY);
  expect(user.consent).toEqual({ email: false, webPush: true });
  expect(user.runs[0]?.journal.at(-1)?.reason).toBe('email: no, webPush: stays yes: the user agreed later');
});

const KEEPINGS = fc.constantFrom<Keeping>(
  { pending: 'all', history: 'complete' },
  { pending: 'awaited', history: 'limited' },
  { pending: 'all', history: 'limited', atOnce: 2 },
);

/** Answers of the user, at odd milliseconds that nothing else has. */
const answers = fc.uniqueArray(
  fc.record({
    at: fc.integer({ min: 1, max: 25 * 24 * 60 }).map((minute) => BEGIN + minute * MINUTE + 31_007),
    channel: fc.constantFrom(...PERSONAL_CHANNELS),
    agrees: fc.boolean(),
  }),
  { maxLength: 8, selector: ({ at }) => at },
);

/** Lets time pass up to an instant. An engine that was late decides only now. */
async function catchUp(user: AnsweringUser, at: number, wasLate = false): Promise<void> {
  if (wasLate) await user.advance(at);
  await user.passUntil(at - 1);
}

it('whenever the engine advances, the user’s last word holds, and a no of a journey until then', () => {
  const steps = fc.array(
    fc.record({
      hours: fc.integer({ min: 0, max: 120 }),
      channel: fc.constantFrom(...PERSONAL_CHANNELS),
      agrees: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  );
  return fc.assert(
    fc.asyncProperty(steps, answers, KEEPINGS, fc.array(fc.boolean()), async (list, said, keeping, isLate) => {
      const run = journey('run', { enter: plain('Start') }, async (j) => {
        for (const [n, { hours, channel, agrees }] of list.entries()) {
          await j.sleep(`sleep ${n}`, `${hours} hours`);
          await j.consent(`answer ${n}`, { [channel]: agrees });
        }
      });
      const user = new AnsweringUser(
        { id: 'ada', traits: {}, reachable: [], createdAt: BEGIN },
        await defineJourneys([run]),
        keeping,
      );
      await user.receive({ id: '1', name: 'Start', at: BEGIN, receivedAt: BEGIN, properties: {} });
      for (const [n, { at, channel, agrees }] of said.toSorted((a, b) => a.at - b.at).entries()) {
        if (!isLate[n]) await catchUp(user, at, isLate[n - 1]);
        user.answerConsent(channel, agrees, at);
      }
      await user.advance(BEGIN + 40 * DAY);

      let hours = 0;
      const bySteps = list.map((one) => ({ ...one, at: BEGIN + (hours += one.hours) * 60 * MINUTE, own: false }));
      const inOrder = [...bySteps, ...said.map((one) => ({ ...one, own: true }))].sort((a, b) => a.at - b.at);
      const holds = inOrder.reduce<Consent>(
        (now, { channel, agrees, own }) =>
          agrees && !own && now[channel] === false ? now : { ...now, [channel]: agrees },
        {},
      );
      expect(user.consent).toEqual(holds);
    }),
    { numRuns: 400 },
  );
});

const ANY: Ingredients = {
  effects: true,
  unbounded: false,
  triggers: ['Start', 'A', 'A or B', 'silence', 'stage idle'],
};

it('after a no, of the user or a journey, nothing goes out by the channel until the user says yes', () =>
  fc.assert(
    fc.asyncProperty(
      fc.tuple(plans('first', ANY), plans('second', ANY)),
      deeds(),
      answers,
      deployments(ANY),
      users,
      policies,
      fc.array(fc.boolean()),
      async (initial, life, said, deploys, person, limits, isLate) => {
        const plansAfter = editions(initial, deploys);
        const user = new AnsweringUser(person, await define(initial, { policy: limits }), {
          pending: 'awaited',
          history: 'limited',
        });
        const agenda = [
          ...life.map((event) => ({ at: event.receivedAt, act: () => user.receive(event) })),
          ...said.map(({ at, channel, agrees }) => ({
            at,
            act: async () => {
              if (user.answerConsent(channel, agrees, at)) await user.advance(at);
            },
          })),
          ...deploys.map(({ at }, index) => ({
            at,
            act: async () => {
              user.definitions = await define(plansAfter[index + 1] ?? [], { policy: limits });
            },
          })),
        ].sort((a, b) => a.at - b.at);
        for (const [n, { at, act }] of agenda.entries()) {
          if (!isLate[n]) await catchUp(user, at, isLate[n - 1]);
          await act();
        }
        await user.advance(BEGIN + 60 * DAY);
        await user.passUntil(BEGIN + 400 * DAY);

        const byJourneys = user.runs.flatMap(({ journal }) =>
          journal.flatMap((record) =>
            record.kind === 'consent' && record.status === 'done'
              ? PERSONAL_CHANNELS.filter((channel) => (record.outcome as Consent)[channel] === false).map(
                  (channel) => ({
                    at: record.at,
                    channel,
                    agrees: false,
                  }),
                )
              : [],
          ),
        );
        const inOrder = [...byJourneys, ...said].sort((a, b) => a.at - b.at);
        for (const { channel, decidedAt, status, transactional } of user.messages.values()) {
          if (status !== 'queued' || transactional) continue;
          const last = inOrder.findLast((one) => one.channel === channel && one.at < decidedAt);
          expect(last?.agrees ?? person.consent?.[channel] ?? true).toBe(true);
        }
      },
    ),
    { numRuns: 100 },
  ));
