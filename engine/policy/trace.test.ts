import type { Candidate } from './candidate';
import { decide } from './decide';
import { policy } from './define';
import { askedIn, keptOf } from './trace';

const NOON = Date.parse('2026-01-05T12:00:00Z');
const candidate: Candidate = {
  channels: ['webPush', 'email'],
  transactional: false,
  expiresAt: NOON + 86_400_000 * 3,
  addressBy: 0,
  reach: { reachable: ['email', 'inApp'], consent: { email: true } },
  zone: 'utc',
  sent: [{ at: NOON - 1, channel: 'email', transactional: false }],
  now: NOON,
};

it('the rules that were asked about a message are kept in few bytes, and read again', () => {
  const kept = keptOf(decide(policy(), candidate).asked);
  expect(kept).toEqual([
    ['webPush', '-address: no address'],
    [
      'email',
      'address',
      'suppression',
      'consent: agreed',
      'cap: email 1 of 2 a day, email 1 of 5 a week, total 1 of 4 a day, total 1 of 12 a week',
      'do not disturb',
      'quiet hours',
    ],
  ]);
  expect(JSON.stringify(kept).length).toBeLessThan(220);
  expect(askedIn(kept).slice(0, 4)).toEqual([
    { channel: 'webPush', rule: 'address', says: 'refuse', fact: 'no address' },
    { channel: 'email', rule: 'address', says: 'pass', fact: '' },
    { channel: 'email', rule: 'suppression', says: 'pass', fact: '' },
    { channel: 'email', rule: 'consent', says: 'pass', fact: 'agreed' },
  ]);
});

it('a rule that holds says until when, and a later one that would hold is asked, too', () => {
  const late = { ...candidate, channels: ['email'] as const, now: Date.parse('2026-01-05T23:00:00Z') };
  const rules = policy({ sendWindows: { from: '09:00', to: '17:00' } });
  expect(askedIn(keptOf(decide(rules, late).asked)).filter(({ says }) => says !== 'pass')).toEqual([
    { channel: 'email', rule: 'quiet hours', says: 'hold', fact: 'until 2026-01-06T08:00:00.000Z' },
    { channel: 'email', rule: 'send window', says: 'hold', fact: 'until 2026-01-06T09:00:00.000Z' },
  ]);
});
