import { takes, templatesIn, traveller, type Traveller, type TravellerOptions } from 'sojourn/testing';
import lifecycle from '../lifecycle';
import policy from '../policy';
import topics from '../topics';
import digest from './journey';

const NEWS = [{ title: 'A reply', url: '/reports/7' }];
const templates = templatesIn('examples');
const calls = { 'what is new': async () => NEWS };
// Time begins on a Monday at noon.
const person = (options: TravellerOptions = {}) =>
  traveller(digest, { timezone: 'Europe/Berlin', calls, with: { lifecycle, policy, topics }, ...options });
const daysOf = ({ messages }: Traveller): string[] =>
  messages.map(({ decidedAt }) => new Date(decidedAt).toISOString());

test('Mondays at nine, what is new', async () => {
  const ada = person({ templates });
  await ada.forward('14 days');
  expect(daysOf(ada)).toEqual(['2026-01-12T08:00:00.000Z', '2026-01-19T08:00:00.000Z']);
  expect(ada.mailbox[0]).toMatchObject({
    subject: 'New for you: A reply',
    html: expect.stringContaining('/reports/7'),
  });
});

test('nothing new: no mail', async () => {
  const ada = person({ calls: { 'what is new': async () => [] } });
  await ada.forward('14 days');
  expect(ada.decisions.filter(({ what }) => what === 'entered')).toHaveLength(2);
  expect([ada.messages, ada.suppressed]).toEqual([[], []]);
});

test('service down: retried till noon, then left out, and the next Monday is as ever', async () => {
  let isDown = true;
  const ada = person({
    calls: {
      'what is new': async () => {
        if (isDown) throw new Error('503');
        return NEWS;
      },
    },
  });
  await ada.forwardTo('2026-01-12T10:59:00Z');
  expect(ada.why('what is new')).toContain('waits');
  await ada.forwardTo('2026-01-12T11:00:00Z');
  expect(ada.runs).toMatchObject([{ status: 'completed', endedAt: Date.parse('2026-01-12T11:00:00Z') }]);
  isDown = false;
  await ada.forward('7 days');
  expect(daysOf(ada)).toEqual(['2026-01-19T08:00:00.000Z']);
});

test('service slow: an answer before noon is a mail then, a later one is left out', async () => {
  for (const [duration, days] of [
    ['179 minutes', ['2026-01-12T10:59:00.000Z']],
    ['181 minutes', []],
  ] as const) {
    const ada = person({ calls: { 'what is new': takes(duration, async () => NEWS) } });
    await ada.forwardTo('2026-01-13T00:00:00Z');
    expect(daysOf(ada)).toEqual(days);
    expect(ada.runs).toMatchObject([{ status: 'completed' }]);
  }
});

test('opted out of the topic: nothing is sent, it counts no failure, and other messages come as ever', async () => {
  const ada = person();
  await ada.choose('digest', { subscribed: false });
  await ada.forward('14 days');
  expect(ada.messages).toEqual([]);
  expect(ada.suppressed.map(({ cause, reason }) => [cause, reason])).toEqual([
    ['consent', 'unsubscribed from digest'],
    ['consent', 'unsubscribed from digest'],
  ]);
  expect(ada.runs.map(({ status, failure }) => ({ status, failure }))).toEqual([
    { status: 'completed', failure: null },
    { status: 'completed', failure: null },
  ]);
  expect(ada.profile.consent).toEqual({});
});

test('moves from Tokyo to Honolulu on a Sunday: one Monday mail, not two', async () => {
  const ada = person({ timezone: 'Asia/Tokyo' });
  await ada.forwardTo('2026-01-12T01:00:00Z'); // Monday ten in Tokyo, Sunday afternoon in Honolulu.
  await ada.identify({ timezone: 'Pacific/Honolulu' });
  await ada.forwardTo('2026-01-18T00:00:00Z');
  expect(daysOf(ada)).toEqual(['2026-01-12T00:00:00.000Z']);
  await ada.forwardTo('2026-01-20T00:00:00Z');
  expect(daysOf(ada).slice(1)).toEqual(['2026-01-19T19:00:00.000Z']);
});

test('frequency "weekly": each Monday at nine, also when the clocks change', async () => {
  const ada = person({ at: '2026-03-22T12:00:00Z' });
  await ada.choose('digest', { frequency: 'weekly' });
  await ada.forward('15 days');
  expect(daysOf(ada)).toEqual(['2026-03-23T08:00:00.000Z', '2026-03-30T07:00:00.000Z', '2026-04-06T07:00:00.000Z']);
});
