import type { Candidate } from './candidate';
import { capHorizonMs, sentRecord } from './caps';
import { decide } from './decide';
import { policy, type PolicyOptions } from './define';
import { IF_CAPPED } from './if-capped';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOON = Date.parse('2026-01-05T12:00:00Z');
const OPEN = { total: { day: Infinity, week: Infinity }, email: { day: Infinity, week: Infinity } };

const candidate = (facts: Partial<Candidate>): Candidate => ({
  channels: ['email'],
  transactional: false,
  journey: 'tips',
  expiresAt: (facts.now ?? NOON) + 60 * DAY,
  addressBy: 0,
  reach: { reachable: ['email', 'inApp', 'slack'], consent: {} },
  zone: 'utc',
  sent: [],
  now: NOON,
  ...facts,
});
const reasonAt = (caps: PolicyOptions['caps'], facts: Partial<Candidate>): string =>
  decide(policy({ caps: { ...OPEN, ...caps }, quietHours: null }), candidate(facts)).reason;
const mails = (...ages: readonly number[]): Candidate['sent'] =>
  ages.map((age) => ({ at: NOON - age, channel: 'email', transactional: false }));

it('a cap counts the last hour, and the last 30 days for a month', () => {
  const hourly = { email: { ...OPEN.email, hour: 1 } };
  expect(reasonAt(hourly, { sent: mails(HOUR - 1) })).toBe('capped: email 1 an hour');
  expect(reasonAt(hourly, { sent: mails(HOUR) })).toBe('allowed');
  const monthly = { total: { ...OPEN.total, month: 2 } };
  expect(reasonAt(monthly, { sent: mails(DAY, 30 * DAY - 1) })).toBe('capped: total 2 a month');
  expect(reasonAt(monthly, { sent: mails(DAY, 30 * DAY) })).toBe('allowed');
});

it('a cap of a local day counts since midnight in the zone of the user, and has room at the next one', () => {
  const daily = policy({ caps: { ...OPEN, email: { ...OPEN.email, localDay: 1 } }, quietHours: null });
  const sent = mails(12 * HOUR + 1);
  expect(decide(daily, candidate({ sent }))).toMatchObject({ kind: 'send' });
  expect(decide(daily, candidate({ sent, zone: 'America/New_York', ifCapped: 'hold' }))).toMatchObject({
    kind: 'send',
  });
  expect(decide(daily, candidate({ sent, zone: 'Europe/Berlin', ifCapped: 'hold' }))).toMatchObject({
    kind: 'hold',
    until: Date.parse('2026-01-05T23:00:00Z'),
    reason: 'capped: email 1 a local day',
  });
});

it('a cap of a journey counts its messages on all channels, and one of a topic those of the topic', () => {
  const limits = { journeys: { tips: { week: 1 } }, topics: { digest: { week: 1 } } };
  const [tip, digest] = [
    { at: NOON - DAY, channel: 'inApp', transactional: false, journey: 'tips' },
    { at: NOON - DAY, channel: 'inApp', transactional: false, topic: 'digest' },
  ] as const;
  expect(reasonAt(limits, { sent: [tip] })).toBe('capped: journey tips 1 a week');
  expect(reasonAt(limits, { sent: [tip], journey: 'news' })).toBe('allowed');
  expect(reasonAt(limits, { sent: [digest], topic: { name: 'digest', default: 'in' } })).toBe(
    'capped: topic digest 1 a week',
  );
  expect(reasonAt(limits, { sent: [digest] })).toBe('allowed');
  // An earlier release has not remembered the journey.
  expect(reasonAt(limits, { sent: mails(DAY) })).toBe('allowed');
});

it('of a message that was sent, as much is remembered as the caps ask about, and as long', () => {
  const message = { channel: 'email', transactional: false, journey: 'tips' } as const;
  expect(sentRecord(policy(), message, NOON)).toEqual({ at: NOON, channel: 'email', transactional: false });
  const limits = policy({ caps: { journeys: { tips: { month: 1 } } } });
  expect(sentRecord(limits, message, NOON)).toEqual({ at: NOON, ...message });
  expect(capHorizonMs(policy({ caps: { total: { hour: 1 } } }))).toBe(7 * DAY);
  expect(capHorizonMs(limits)).toBe(30 * DAY);
});

it('a capped message moves to the next channel, is dropped or is held, as its step says', () => {
  const caps = { email: { ...OPEN.email, day: 1 } };
  const outcomes = [undefined, ...IF_CAPPED].map((ifCapped) => {
    const limits = policy({ caps: { ...OPEN, ...caps }, quietHours: null });
    const { kind, channel } = decide(limits, candidate({ channels: ['email', 'inApp'], sent: mails(HOUR), ifCapped }));
    return [ifCapped ?? 'by default', kind, channel];
  });
  expect(outcomes).toEqual([
    ['by default', 'send', 'inApp'],
    ['next channel', 'send', 'inApp'],
    ['suppress', 'suppress', 'email'],
    ['hold', 'send', 'inApp'],
  ]);
});

it('a message to colleagues is asked for an address only', () => {
  const night = Date.parse('2026-01-05T23:00:00Z');
  const reach = { reachable: ['slack'], consent: { slack: false } } as const;
  const { kind, asked } = decide(policy(), candidate({ channels: ['slack'], now: night, reach, sent: mails(1, 2, 3) }));
  expect([kind, asked.map(({ rule }) => rule)]).toEqual(['send', ['address']]);
});
