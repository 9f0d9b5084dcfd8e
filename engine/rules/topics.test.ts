import fc from 'fast-check';
import { z } from 'zod';
import { event, journey, policy, topics, topicUnsubscribed, unsubscribed } from '..';
import { OWN_CHANNEL_DEFAULTS, type ChannelSpec } from '../model/channels';
import { dayAt } from '../model/local-day';
import { afterEvent, choose } from '../model/preferences';
import type { Preferences } from '../model/topic-answer';
import { explore } from '../explore';
import { traveller } from '../testing/traveller';
import { unknownTopicChannels } from '../topics/define';

const HOUR = 3_600_000;
const wanted = event('Wanted', z.object({}), {});
const TOPICS = topics({
  digest: {
    title: { en: 'Digest', de: 'Wochenbrief' },
    frequencies: ['all', 'weekly'],
    channels: ['email', 'webPush'],
  },
  offers: { title: 'Offers', default: 'out' },
  letters: { title: 'Letters', doubleOptIn: true },
});
const RULES = {
  topics: TOPICS,
  policy: policy({ caps: { total: { day: 99, week: 99 }, email: { day: 99, week: 99 } } }),
};

const about = (topic: string, ...more: string[]) =>
  journey('about', { enter: wanted, reenter: 'always', topic }, async (j) => {
    const templates = Object.fromEntries(['email', ...more].map((channel) => [channel, 'news']));
    await j.send('news', templates);
  });

it('somebody gets a topic until they leave it, and again when they come back', async () => {
  const ada = traveller(about('digest'), { with: RULES });
  await ada.track(wanted, {});
  await ada.choose('digest', { subscribed: false });
  await ada.track(wanted, {});
  expect(ada.why('news')).toContain('unsubscribed from digest');
  await ada.choose('digest', { subscribed: true });
  await ada.track(wanted, {});
  expect(ada.messages).toMatchObject([{ topic: 'digest' }, { topic: 'digest' }]);
  expect(ada.suppressed).toMatchObject([{ cause: 'consent', reason: 'unsubscribed from digest' }]);
});

it('who leaves a topic keeps the others, and a no to the channel is a no to all of them', async () => {
  const ada = traveller(about('offers'), {
    with: RULES,
    topics: { digest: { standing: 'out' }, offers: { standing: 'in' } },
  });
  await ada.track(wanted, {});
  await ada.consent('email', false);
  await ada.track(wanted, {});
  expect(ada.messages).toHaveLength(1);
  expect(ada.suppressed).toMatchObject([{ reason: 'no consent' }]);
});

it('a topic that people have to ask for goes to nobody else', async () => {
  const ada = traveller(about('offers'), { with: RULES });
  await ada.track(wanted, {});
  expect(ada.suppressed).toMatchObject([{ reason: 'not subscribed to offers' }]);
  await ada.choose('offers', { subscribed: true });
  await ada.track(wanted, {});
  expect(ada.messages).toHaveLength(1);
});

it('with double opt-in a yes counts once it is confirmed, and a confirmation lifts no later no', async () => {
  const ada = traveller(about('letters'), { with: RULES });
  await ada.choose('letters', { subscribed: true });
  await ada.track(wanted, {});
  expect(ada.suppressed).toMatchObject([{ reason: 'not confirmed: letters' }]);
  await ada.confirm('letters');
  await ada.track(wanted, {});
  await ada.choose('letters', { subscribed: false });
  await ada.confirm('letters');
  await ada.track(wanted, {});
  expect(ada.messages).toHaveLength(1);
  expect(ada.suppressed.at(-1)).toMatchObject({ reason: 'unsubscribed from letters' });
});

it('who wants a topic by another channel gets it by that one', async () => {
  const ada = traveller(about('digest', 'webPush'), { with: RULES });
  await ada.choose('digest', { channels: { email: false } });
  await ada.track(wanted, {});
  expect(ada.messages).toMatchObject([{ channel: 'webPush' }]);
  expect(ada.journal[0]).toMatchObject({ facts: { email: 'unsubscribed from digest by email' } });
});

it('a step may have another topic than its journey, and a transactional message goes out whatever its topic', async () => {
  const both = journey('both', { enter: wanted, topic: 'digest' }, async (j) => {
    await j.send('offer', { email: 'offer' }, { topic: 'offers' });
    await j.send('receipt', { email: 'receipt' }, { transactional: true });
  });
  const ada = traveller(both, { with: RULES, topics: { digest: { standing: 'out' } } });
  await ada.track(wanted, {});
  expect(ada.suppressed).toMatchObject([{ step: 'offer', topic: 'offers' }]);
  expect(ada.messages).toMatchObject([{ step: 'receipt', topic: 'digest' }]);
});

it('a message that is held is not sent to somebody who leaves its topic meanwhile', async () => {
  const ada = traveller(about('digest'), { with: { topics: TOPICS }, at: '2026-01-05T23:00:00Z' });
  await ada.track(wanted, {});
  expect(ada.held).toHaveLength(1);
  await ada.choose('digest', { subscribed: false });
  await ada.forward('1 day');
  expect(ada.messages).toEqual([]);
});

it('who leaves a topic can leave a journey by it, and a no to a channel is another event', async () => {
  const waits = journey('waits', { enter: wanted, exit: [topicUnsubscribed.where({ topic: 'digest' })] }, async (j) => {
    await j.waitFor('a no to all', unsubscribed);
  });
  const ada = traveller(waits, { with: RULES });
  await ada.track(wanted, {});
  await ada.choose('offers', { subscribed: false });
  expect(ada.journal).toMatchObject([{ status: 'waiting' }]);
  await ada.choose('digest', { subscribed: false });
  expect(ada.runs).toMatchObject([{ status: 'exited' }]);
});

it('a message that may wait for its week is held until then', async () => {
  const patient = journey('patient', { enter: wanted, reenter: 'always', topic: 'digest' }, async (j) => {
    await j.send('news', { email: 'news' }, { ifCapped: 'hold', expires: '30 days' });
  });
  const ada = traveller(patient, { with: RULES, topics: { digest: { frequency: 'weekly' } } });
  await ada.track(wanted, {});
  await ada.track(wanted, {});
  expect(ada.held).toMatchObject([{ hold: 'cap', reason: 'digest at most weekly' }]);
  await ada.forward('7 days');
  expect(ada.messages).toHaveLength(2);
});

const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'utc'];
/** Before the changes of the clocks in March and in October and November. */
const STARTS = ['2026-03-01T00:00:00Z', '2026-10-01T00:00:00Z'];

it('of a weekly topic nobody gets two messages in seven local days, whatever the clocks do', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...ZONES),
      fc.constantFrom(...STARTS),
      fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 15 }),
      async (zone, start, pauses) => {
        const ada = traveller(about('digest'), {
          ...{ at: start, timezone: zone, topics: { digest: { frequency: 'weekly' } } },
          with: {
            topics: TOPICS,
            policy: policy({ quietHours: null, caps: { total: { day: 99, week: 99 }, email: { day: 99, week: 99 } } }),
          },
        });
        for (const hours of pauses) {
          await ada.forward(`${hours} hours`);
          await ada.track(wanted, {});
        }
        const days = ada.messages.map(({ decidedAt }) => dayAt(decidedAt, zone));
        for (const [index, day] of days.entries())
          if (index > 0) expect(day - (days[index - 1] ?? 0)).toBeGreaterThanOrEqual(7);
        // Nobody who has waited for a week is refused.
        for (const { decidedAt } of ada.suppressed)
          expect(days.some((day) => dayAt(decidedAt, zone) - day < 7 && day <= dayAt(decidedAt, zone))).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

it('a digest on the same local hour comes each week, also when the clocks change', async () => {
  const ada = traveller(about('digest'), {
    ...{ at: '2026-03-22T08:00:00Z', timezone: 'Europe/Berlin', topics: { digest: { frequency: 'weekly' } } },
    with: RULES,
  });
  await ada.track(wanted, {});
  // A week later it is the same hour in Berlin, and an hour less has passed.
  await ada.forward('167 hours');
  await ada.track(wanted, {});
  expect(ada.messages.map(({ decidedAt }) => decidedAt)).toEqual([
    Date.parse('2026-03-22T08:00:00Z'),
    Date.parse('2026-03-22T08:00:00Z') + 167 * HOUR,
  ]);
});

it('explore knows the topics: it gets them all, finds one that is not declared, and takes every reason', async () => {
  const reads = journey('reads', { enter: wanted, topic: 'offers' }, async (j) => {
    const { reason } = await j.send('offer', { email: 'offer' });
    if (reason === 'unsubscribed from offers') await j.award('kept', { points: 1 });
    await j.send('other', { email: 'other' }, { topic: 'gone' });
  });
  const { defects, messages } = await explore(reads, { with: RULES });
  expect(defects).toMatchObject([{ kind: 'unknown topic', step: 'other', text: "topics.ts declares no topic 'gone'" }]);
  expect(messages.total.path).toBe(2);
});

it.each([
  ['a name', { 'a topic': { title: 'A' } }, "'a topic' can't be the name of a topic"],
  ['a title', { digest: { title: '' } }, "'digest', title: must be a text of 1 to 60 characters"],
  [
    'frequencies',
    { digest: { title: 'A', frequencies: ['weekly'] } },
    "'digest', frequencies: must have 'all' among them",
  ],
  [
    'channels',
    { digest: { title: 'A', channels: ['email', 'SMS'] } },
    "'digest', channels[1]: must be the name of a channel: email, webPush,",
  ],
  ['double opt-in', { digest: { title: 'A', default: 'in', doubleOptIn: true } }, "must be 'out' with doubleOptIn"],
])('a mistake in %s is named', (_what, given, expected) => {
  expect(() => topics(given as never)).toThrow(expected);
});

describe('a channel of the team’s own', () => {
  const line: ChannelSpec = { name: 'line', label: 'LINE', address: { by: 'id' }, ...OWN_CHANNEL_DEFAULTS };
  const offered = topics({ digest: { title: 'Digest', channels: ['email', 'line'] } });

  it('can be chosen for a topic, and somebody who leaves the topic by it keeps the topic by the others', async () => {
    const leaving = journey('leaving', { enter: topicUnsubscribed, reenter: 'always' }, async (j) => {
      await j.award(`left by ${String(j.event.properties.channel)}`, { points: 1 });
    });
    const by = (channel: string) =>
      journey(`by-${channel}`, { enter: wanted, reenter: 'always', topic: 'digest' }, (j) =>
        j.send(channel, { [channel]: 'news' }).then(() => undefined),
      );
    const ada = traveller([by('line'), by('email'), leaving], {
      with: { ...RULES, topics: offered, channels: [line] },
    });
    await ada.choose('digest', { channels: { line: false } });
    await ada.track(wanted, {});
    expect(ada.messages).toMatchObject([{ channel: 'email' }]);
    expect(ada.suppressed).toMatchObject([{ step: 'line', reason: 'unsubscribed from digest by line' }]);
    expect(ada.runs.flatMap(({ journal }) => journal.map(({ step }) => step))).toContain('left by line');
    await ada.choose('digest', { channels: { line: true } });
    await ada.track(wanted, {});
    expect(ada.messages.map(({ channel }) => channel).sort()).toEqual(['email', 'email', 'line']);
  });

  it('is remembered by the events that tell what somebody chose', () => {
    const chosen = choose('digest', { standing: 'in' }, { channels: { line: false } }, { confirms: false });
    const told = chosen.events.reduce<Preferences>(afterEvent, { digest: { standing: 'in' } });
    expect(told).toEqual({ digest: chosen.answer });
    expect(told).toEqual({ digest: { standing: 'in', channels: { line: false } } });
  });

  it('without a file is named with its topic and with the channels that there are', () => {
    expect(unknownTopicChannels(offered, [line])).toEqual([]);
    expect(unknownTopicChannels(offered, [{ ...line, name: 'pager' }])).toEqual([
      "topics: 'digest', channels: There is no channel 'line'. There are email, webPush, inApp, push, sms, voice, whatsApp, webhook, slack, teams, pager. A channel of your own is a file channels/line.ts.",
    ]);
  });
});
