import { compile } from '../outline/compile';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { projectCreated, signedUp } from '../testing/properties/catalogue';
import type { Plan } from '../testing/properties/plan';
import { BEGIN, deeds, define } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';

import { journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { MemoryHost } from '../testing/memory-host';
import { CHANNELS } from '../model/channels';
import type { ChannelName, Message } from '../model/state';
import { traveller } from '../testing/traveller';
import type { LocalTime } from '../model/zone';
import { policy } from './define';

const DAY = 86_400_000;

/** A plan that sends a message on every event `name`, each in a run of its own. */
const onEvery = (
  name: string,
  channels: readonly ChannelName[],
  urgent: boolean,
  ifCapped?: 'hold' | 'suppress',
): Plan => ({
  id: `on-${name.toLowerCase()}`,
  trigger: name,
  reenter: 'always',
  keyed: true,
  exit: [],
  goal: null,
  steps: [{ kind: 'send', step: 'message', template: 'message', channels, urgent, ...(ifCapped && { ifCapped }) }],
});

const caps = fc.record({ day: fc.integer({ min: 0, max: 3 }), week: fc.integer({ min: 0, max: 8 }) });
// Outside the hours that a change of the clocks repeats or leaves out.
const hours = fc.integer({ min: 4, max: 23 }).map((hour): LocalTime['at'] => `${hour}:30`);
const rules = fc
  .record({
    caps: fc.record({ total: caps, email: caps, webPush: caps, inApp: caps }),
    quietHours: fc.record({ from: hours, to: hours, channels: fc.subarray<ChannelName>([...CHANNELS]) }),
  })
  .filter(({ quietHours }) => quietHours.from !== quietHours.to);

it('no messages exceed a cap in any day or week, and none goes out in quiet hours', () =>
  fc.assert(
    fc.asyncProperty(
      rules,
      deeds(40, ['A', 'A', 'B', 'C']),
      fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu'),
      fc.constantFrom('hold', 'suppress'),
      async (options, life, timezone, ifCapped) => {
        const plans = [
          onEvery('A', ['email', 'webPush'], false, ifCapped),
          onEvery('B', ['inApp', 'email'], false),
          onEvery('C', ['webPush', 'email'], true),
        ];
        const person = { id: 'ada', traits: { timezone }, reachable: CHANNELS, createdAt: BEGIN };
        const user = new StoredUser(person, await define(plans, { policy: policy(options) }), {
          pending: 'awaited',
          history: 'limited',
        });
        for (const deed of life) {
          await user.passUntil(deed.receivedAt - 1);
          await user.receive({ ...deed, properties: { key: deed.id } });
        }
        await user.passUntil(BEGIN + 90 * DAY);

        const sent = [...user.messages.values()].filter(({ status }) => status === 'queued');
        const counted = sent.filter(({ transactional }) => !transactional);
        const { total, ...perChannel } = options.caps;
        expectCap(counted, total);
        for (const [channel, cap] of Object.entries(perChannel))
          expectCap(
            counted.filter((message) => message.channel === channel),
            cap,
          );
        const { from, to, channels } = options.quietHours;
        const loud = counted.filter(({ channel }) => channels.includes(channel));
        expect(loud.filter(({ decidedAt }) => isBetween(decidedAt, timezone, from, to))).toEqual([]);
        expect(sent.filter(({ transactional }) => transactional)).toHaveLength(
          life.filter(({ name }) => name === 'C').length,
        );
      },
    ),
    { numRuns: 150 },
  ));

function expectCap(messages: readonly Message[], cap: { readonly day: number; readonly week: number }): void {
  for (const { decidedAt: end } of messages) {
    const within = (span: number): number =>
      messages.filter(({ decidedAt }) => decidedAt <= end && decidedAt > end - span).length;
    expect(within(DAY)).toBeLessThanOrEqual(cap.day);
    expect(within(7 * DAY)).toBeLessThanOrEqual(cap.week);
  }
}

/** Does the local clock show a time in the window? */
function isBetween(at: number, zone: string, from: string, to: string): boolean {
  const minutes = (time: string): number => Number(time.split(':')[0]) * 60 + Number(time.split(':')[1]);
  const now = minutes(DateTime.fromMillis(at, { zone }).toFormat('H:mm'));
  return minutes(from) < minutes(to)
    ? now >= minutes(from) && now < minutes(to)
    : now >= minutes(from) || now < minutes(to);
}

const twoMails = journey('two-mails', { enter: signedUp }, async (j) => {
  await j.send('one', { email: 'one' });
  await j.send('two', { email: 'two', inApp: 'two' });
});
const night = { timezone: 'Europe/Berlin', at: '2026-01-05T22:00:00Z' };
const morning = Date.parse('2026-01-06T07:00:00Z');

it('a held message is decided again when the quiet hours end', async () => {
  const ada = traveller(twoMails, night);
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.held).toMatchObject([{ step: 'one', reason: 'quiet hours' }]);
  expect(ada.why('one')).toBe(`'one' waits for quiet hours, 9 h to go {"zone":"Europe/Berlin"}`);
  await ada.forward('1 day');
  expect(ada.messages).toMatchObject([
    { step: 'one', decidedAt: morning },
    { step: 'two', decidedAt: morning },
  ]);
  expect(ada.held).toEqual([]);
});

it('a held message is decided by the caps and channels at that time', async () => {
  const early = journey('early', { enter: signedUp }, async (j) => {
    await j.send('night mail', { email: 'night' }, { transactional: true });
  });
  const ada = traveller([twoMails, early], {
    ...night,
    with: { policy: policy({ caps: { email: { day: 1, week: 1 } } }) },
  });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('1 day');
  expect(ada.messages.map(({ step, channel }) => [step, channel])).toEqual([
    ['night mail', 'email'],
    ['one', 'email'],
    ['two', 'inApp'],
  ]);
  expect(ada.journal.find(({ step }) => step === 'two')?.facts).toEqual({
    email: 'capped: email 1 a day',
    zone: 'Europe/Berlin',
  });
});

describe('a message that the caps hold', () => {
  const oneADay = { policy: policy({ caps: { email: { day: 1, week: 7 } }, quietHours: null }) };
  const patient = journey('patient', { enter: signedUp }, async (j) => {
    await j.send('first', { email: 'first' });
    const { status } = await j.send('second', { email: 'second' }, { ifCapped: 'hold' });
    await j.award('done', { badge: status });
  });

  it('is sent when there is room, and the journey waits for it', async () => {
    const ada = traveller(patient, { with: oneADay });
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.held).toMatchObject([{ step: 'second', hold: 'cap', reason: 'capped: email 1 a day' }]);
    await ada.forward('23 hours');
    expect(ada.profile.badges).toEqual([]);
    await ada.forward('1 hour');
    expect(ada.messages).toMatchObject([{ step: 'first' }, { step: 'second', decidedAt: ada.now }]);
    expect(ada.profile.badges).toEqual(['sent']);
  });

  it('is held anew if another cap is reached by then, and suppressed if it would expire before', async () => {
    const rules = { policy: policy({ caps: { email: { day: 1, week: 2 } }, quietHours: null }) };
    const news = journey('news', { enter: projectCreated }, async (j) => {
      await j.send('news', { email: 'news' });
    });
    for (const [expires, sentAfter] of [
      ['7 days', 5 * DAY],
      ['3 days', null],
    ] as const) {
      const lasting = journey('lasting', { enter: signedUp }, async (j) => {
        await j.send('first', { email: 'first' });
        await j.send('second', { email: 'second' }, { ifCapped: 'hold', expires });
      });
      const ada = traveller([news, lasting], { with: rules });
      await ada.track(projectCreated, { name: 'Engine' });
      await ada.forward('2 days');
      await ada.track(signedUp, { plan: 'free' });
      const start = ada.now;
      await ada.forward('24 hours');
      expect(ada.held.map(({ reason }) => reason)).toEqual(sentAfter === null ? [] : ['capped: email 2 a week']);
      await ada.forward('7 days');
      const sent = ada.messages.find(({ step }) => step === 'second');
      expect(sent ? sent.decidedAt - start : null).toBe(sentAfter);
    }
  });

  it('is decided again under other definitions', async () => {
    const ada = traveller(patient, { with: oneADay });
    await ada.track(signedUp, { plan: 'free' });
    await ada.deploy(
      journey('patient', { enter: signedUp }, async (j) => {
        await j.send('first', { email: 'first' });
        await j.send('second', { email: 'second' });
      }),
    );
    expect(ada.held).toEqual([]);
    expect(ada.suppressed).toMatchObject([{ step: 'second', cause: 'cap' }]);
  });
});

it('other events do not make the engine decide a held message again', async () => {
  const ada = traveller(twoMails, night);
  await ada.track(signedUp, { plan: 'free' });
  const [held] = ada.held;
  await ada.forward('1 hour');
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.held).toEqual([held]);
});

it('a new policy decides a held message again', async () => {
  const sources = { journeys: [twoMails], lifecycle: lifecycle({ initial: 'new', rules: [] }), traits: {} };
  const now = Date.parse(night.at);
  const ada = new MemoryHost(
    { id: 'ada', traits: {}, reachable: CHANNELS, createdAt: now },
    await compile({ ...sources, policy: policy() }),
  );
  await ada.receive(signedUp.name, { plan: 'free' }, now);
  expect([...ada.messages.values()]).toMatchObject([{ step: 'one', status: 'held' }]);
  ada.definitions = await compile({ ...sources, policy: policy({ quietHours: null }) });
  await ada.decide(now + 1);
  expect([...ada.messages.values()]).toMatchObject([{ status: 'queued', decidedAt: now + 1 }, { step: 'two' }]);
});

it('a suppressed message is in the journal with its reason, and the journey goes on', async () => {
  const ada = traveller(twoMails, { channels: ['inApp'] });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('1 minute');
  expect(ada.suppressed).toMatchObject([{ step: 'one', channel: 'email', reason: 'no address' }]);
  expect(ada.messages).toMatchObject([{ step: 'two', channel: 'inApp' }]);
  expect(ada.journal[0]).toMatchObject({
    outcome: { status: 'suppressed', channel: 'email', reason: 'no address' },
    facts: { email: 'no address' },
  });
});

it('a new user without an address gets half a minute for one to arrive, from when the first event was received', async () => {
  const sources = { journeys: [twoMails], lifecycle: lifecycle({ initial: 'new', rules: [] }), traits: {} };
  const now = Date.parse('2026-01-05T12:00:00Z');
  const definitions = await compile({ ...sources, policy: policy() });
  const newcomer = async (): Promise<MemoryHost> => {
    const host = new MemoryHost({ id: 'ada', traits: {}, reachable: [], createdAt: now - 3_600_000 }, definitions);
    // The event happened an hour ago, on a device that was offline.
    await host.receive(signedUp.name, { plan: 'free' }, now + 1_000, now - 3_600_000);
    expect([...host.messages.values()]).toMatchObject([{ step: 'one', status: 'held', reason: 'no address yet' }]);
    return host;
  };
  const ada = await newcomer();
  ada.state = { ...ada.state, reach: { reachable: ['email', 'inApp'], consent: {} } };
  await ada.decide(now + 31_000);
  expect([...ada.messages.values()]).toMatchObject([
    { step: 'one', status: 'queued', decidedAt: now + 31_000 },
    { step: 'two', status: 'queued' },
  ]);
  const bob = await newcomer();
  await bob.decide(now + 31_000);
  expect([...bob.messages.values()]).toMatchObject([{ step: 'one', status: 'suppressed', reason: 'no address' }, {}]);
});

it('a message expires a while after its step was entered: as the step says, else as the policy says', async () => {
  const stale = journey('stale', { enter: signedUp }, async (j) => {
    await j.send('soon', { email: 'soon' }, { expires: '2 hours' });
    await j.send('whenever', { email: 'whenever' });
  });
  const ada = traveller(stale, night);
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.suppressed).toMatchObject([{ step: 'soon', reason: 'expires in quiet hours' }]);
  expect(ada.held).toMatchObject([{ step: 'whenever', expiresAt: Date.parse(night.at) + 3 * DAY }]);
});
