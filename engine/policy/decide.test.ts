import type { Candidate } from './candidate';
import { decide, type Verdict } from './decide';
import { policy } from './define';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOON = Date.parse('2026-01-05T12:00:00Z');
const NIGHT = Date.parse('2026-01-05T23:00:00Z');

const candidate = (facts: Partial<Candidate>): Candidate => ({
  channels: ['email'],
  transactional: false,
  expiresAt: (facts.now ?? NOON) + 3 * DAY,
  addressBy: 0,
  reach: { reachable: ['email', 'webPush', 'inApp'], consent: {} },
  zone: 'utc',
  sent: [],
  now: NOON,
  ...facts,
});
const sentByMail = (...at: readonly number[]): Candidate['sent'] =>
  at.map((moment) => ({ at: moment, channel: 'email', transactional: false }));

it('a message is sent if nothing stands against it', () => {
  expect(decide(policy(), candidate({}))).toEqual({
    kind: 'send',
    channel: 'email',
    reason: 'allowed',
    facts: { zone: 'utc' },
    obstacles: {},
    asked: expect.anything(),
  });
});

describe('consent', () => {
  it('lets a message through', () => {
    const reach = { reachable: ['email'] as const, consent: { email: true } };
    expect(decide(policy(), candidate({ reach }))).toMatchObject({ kind: 'send' });
  });

  it('that is refused suppresses a message', () => {
    const reach = { reachable: ['email'] as const, consent: { email: false } };
    expect(decide(policy(), candidate({ reach }))).toEqual({
      kind: 'suppress',
      channel: 'email',
      cause: 'consent',
      reason: 'no consent',
      facts: { email: 'no consent' },
      obstacles: { email: 'consent' },
      asked: expect.anything(),
    });
  });
});

describe('an address', () => {
  const reach = (suppressed: Candidate['reach']['suppressed']): Candidate['reach'] => ({
    reachable: ['email', 'inApp'],
    consent: {},
    ...(suppressed && { suppressed }),
  });

  it('that bounced gets no mail, not even a transactional one', () => {
    for (const transactional of [false, true]) {
      const bounced = candidate({ transactional, reach: reach({ email: ['bounced'] }) });
      expect(decide(policy(), bounced)).toMatchObject({
        kind: 'suppress',
        cause: 'undeliverable',
        reason: 'bounced address',
        obstacles: { email: 'undeliverable' },
        asked: expect.anything(),
      });
    }
  });

  it('that bounced leaves the message to the next channel', () => {
    const bounced = candidate({ channels: ['email', 'inApp'], reach: reach({ email: ['bounced'] }) });
    expect(decide(policy(), bounced)).toMatchObject({ kind: 'send', channel: 'inApp' });
  });

  it('whose holder opted out gets transactional messages only', () => {
    const optedOut = { reach: reach({ email: ['opted out'] }) };
    expect(decide(policy(), candidate(optedOut))).toMatchObject({
      kind: 'suppress',
      cause: 'consent',
      reason: 'no consent for this address',
    });
    expect(decide(policy(), candidate({ ...optedOut, transactional: true }))).toMatchObject({ kind: 'send' });
  });
});

describe('fallback', () => {
  const channels = ['webPush', 'email', 'inApp'] as const;

  it('takes the first listed channel that can reach the user, and records why not the earlier ones', () => {
    const reach = { reachable: ['email', 'inApp'] as const, consent: { email: false } };
    expect(decide(policy(), candidate({ channels, reach }))).toEqual({
      kind: 'send',
      channel: 'inApp',
      reason: 'allowed',
      facts: { webPush: 'no address', email: 'no consent', zone: 'utc' },
      obstacles: { webPush: 'address', email: 'consent' },
      asked: expect.anything(),
    });
  });

  it('goes on to the next channel when one is capped', () => {
    const sent = sentByMail(NOON - HOUR, NOON - 2 * HOUR);
    expect(decide(policy(), candidate({ channels: ['email', 'inApp'], sent }))).toMatchObject({
      kind: 'send',
      channel: 'inApp',
      facts: { email: 'capped: email 2 a day' },
    });
  });

  it('ends with the last reason when no channel is left', () => {
    const reach = { reachable: ['email'] as const, consent: { email: false } };
    expect(decide(policy(), candidate({ channels: ['email', 'webPush'], reach }))).toMatchObject({
      kind: 'suppress',
      channel: 'webPush',
      reason: 'no address',
      facts: { email: 'no consent', webPush: 'no address' },
    });
  });

  it('suppresses a message without channels', () => {
    expect(decide(policy(), candidate({ channels: [] }))).toMatchObject({ kind: 'suppress', reason: 'no channel' });
  });
});

describe('caps', () => {
  const two = policy({ caps: { email: { day: 2, week: 3 }, total: { day: 3, week: 4 } } });
  const reasonAt = (sent: Candidate['sent'], now = NOON): string => decide(two, candidate({ sent, now })).reason;

  it('apply per channel and day', () => {
    expect(reasonAt(sentByMail(NOON - HOUR))).toBe('allowed');
    expect(reasonAt(sentByMail(NOON - HOUR, NOON - 2 * HOUR))).toBe('capped: email 2 a day');
  });

  it('are rolling: a message stops counting exactly a day later', () => {
    expect(reasonAt(sentByMail(NOON - HOUR, NOON - DAY + 1))).toBe('capped: email 2 a day');
    expect(reasonAt(sentByMail(NOON - HOUR, NOON - DAY))).toBe('allowed');
  });

  it('apply per channel and week', () => {
    expect(reasonAt(sentByMail(NOON - 2 * DAY, NOON - 4 * DAY, NOON - 7 * DAY + 1))).toBe('capped: email 3 a week');
    expect(reasonAt(sentByMail(NOON - 2 * DAY, NOON - 4 * DAY, NOON - 7 * DAY))).toBe('allowed');
  });

  it('apply in total, over all channels', () => {
    const byOthers = (...at: readonly number[]): Candidate['sent'] =>
      at.map((moment, index) => ({ at: moment, channel: index % 2 ? 'inApp' : 'webPush', transactional: false }));
    expect(reasonAt(byOthers(NOON - 1, NOON - 2, NOON - 3))).toBe('capped: total 3 a day');
    expect(reasonAt(byOthers(NOON - 2 * DAY, NOON - 3 * DAY, NOON - 4 * DAY, NOON - 5 * DAY))).toBe(
      'capped: total 4 a week',
    );
  });

  it('do not count transactional messages', () => {
    const sent = sentByMail(NOON - 1, NOON - 2, NOON - 3).map((one) => ({ ...one, transactional: true }));
    expect(reasonAt(sent)).toBe('allowed');
  });
});

describe('quiet hours', () => {
  it("hold a message until they end in the user's zone", () => {
    expect(decide(policy(), candidate({ now: NIGHT, zone: 'Europe/Berlin' }))).toEqual({
      kind: 'hold',
      channel: 'email',
      until: Date.parse('2026-01-06T07:00:00Z'),
      reason: 'quiet hours',
      facts: { zone: 'Europe/Berlin' },
      hold: 'quiet hours',
      obstacles: {},
      asked: expect.anything(),
    });
    expect(decide(policy(), candidate({ now: NIGHT, zone: 'America/New_York' }))).toMatchObject({ kind: 'send' });
  });

  it('last an hour longer or shorter when the clocks change', () => {
    const begins = candidate({ now: Date.parse('2026-03-28T21:30:00Z'), zone: 'Europe/Berlin' });
    const ends = candidate({ now: Date.parse('2026-10-24T20:30:00Z'), zone: 'Europe/Berlin' });
    expect(decide(policy(), begins)).toMatchObject({ kind: 'hold', until: Date.parse('2026-03-29T06:00:00Z') });
    expect(decide(policy(), ends)).toMatchObject({ kind: 'hold', until: Date.parse('2026-10-25T07:00:00Z') });
  });

  it('apply only to the channels of the policy', () => {
    expect(decide(policy(), candidate({ now: NIGHT, channels: ['inApp'] }))).toMatchObject({ kind: 'send' });
    const all = policy({ quietHours: { from: '22:00', to: '08:00', channels: ['inApp'] } });
    expect(decide(all, candidate({ now: NIGHT, channels: ['inApp'] }))).toMatchObject({ kind: 'hold' });
  });

  it('can be turned off', () => {
    expect(decide(policy({ quietHours: null }), candidate({ now: NIGHT }))).toMatchObject({ kind: 'send' });
  });
});

describe('transactional messages', () => {
  const transactional = { transactional: true, now: NIGHT };

  it('are not capped, not held and need no consent', () => {
    const reach = { reachable: ['email'] as const, consent: { email: false } };
    const sent = sentByMail(NIGHT - 1, NIGHT - 2, NIGHT - 3, NIGHT - 4);
    expect(decide(policy(), candidate({ ...transactional, reach, sent }))).toMatchObject({
      kind: 'send',
      reason: 'transactional',
    });
  });

  it('need an address and can expire', () => {
    const reach = { reachable: ['inApp'] as const, consent: {} };
    expect(decide(policy(), candidate({ ...transactional, reach }))).toMatchObject({ reason: 'no address' });
    expect(decide(policy(), candidate({ ...transactional, expiresAt: NIGHT - 1 }))).toMatchObject({
      kind: 'suppress',
      channel: 'email',
      reason: 'expired',
    });
  });
});

describe('expiry', () => {
  it('is exact to the millisecond', () => {
    expect(decide(policy(), candidate({ expiresAt: NOON }))).toMatchObject({ kind: 'send' });
    expect(decide(policy(), candidate({ expiresAt: NOON - 1 }))).toMatchObject({ kind: 'suppress', reason: 'expired' });
  });

  it('suppresses a message that would expire before the quiet hours end', () => {
    expect(decide(policy(), candidate({ now: NIGHT, expiresAt: NIGHT + HOUR }))).toMatchObject({
      kind: 'suppress',
      reason: 'expires in quiet hours',
    });
  });
});

describe('caps that leave a message no channel', () => {
  const capped = policy({ caps: { email: { day: 2, week: 3 }, inApp: { day: 1, week: 9 } } });
  const patient = (facts: Partial<Candidate>): Candidate => candidate({ ifCapped: 'hold', ...facts });

  it('suppress it, unless the step asks to hold it until there is room', () => {
    const sent = sentByMail(NOON - 20 * HOUR, NOON - 4 * HOUR);
    expect(decide(capped, candidate({ sent }))).toMatchObject({ kind: 'suppress', cause: 'cap' });
    expect(decide(capped, candidate({ sent, ifCapped: 'suppress' }))).toMatchObject({ kind: 'suppress' });
    expect(decide(capped, patient({ sent }))).toEqual({
      kind: 'hold',
      channel: 'email',
      hold: 'cap',
      until: NOON + 4 * HOUR,
      reason: 'capped: email 2 a day',
      facts: { email: 'capped: email 2 a day' },
      obstacles: { email: 'cap' },
      asked: expect.anything(),
    });
  });

  it('hold it until there is room in the week', () => {
    const sent = sentByMail(NOON - 6 * DAY, NOON - 5 * DAY, NOON - 2 * DAY);
    expect(decide(capped, patient({ sent }))).toMatchObject({ kind: 'hold', until: NOON + DAY });
  });

  it('suppress it if it would expire before', () => {
    const sent = sentByMail(NOON - 2 * HOUR, NOON - HOUR);
    const expiresAt = NOON + 22 * HOUR;
    expect(decide(capped, patient({ sent, expiresAt }))).toMatchObject({ kind: 'hold', until: expiresAt });
    expect(decide(capped, patient({ sent, expiresAt: expiresAt - 1 }))).toMatchObject({
      kind: 'suppress',
      cause: 'cap',
      reason: 'capped: email 2 a day',
    });
  });

  it('hold it for the channel that has room first', () => {
    const sent = [
      ...sentByMail(NOON - 2 * HOUR, NOON - HOUR),
      { at: NOON - 3 * HOUR, channel: 'inApp', transactional: false } as const,
    ];
    const both = patient({ channels: ['email', 'inApp'], sent });
    expect(decide(capped, both)).toMatchObject({ kind: 'hold', channel: 'inApp', until: NOON + 21 * HOUR });
  });

  it('suppress it if there is never room, or something else stands against every channel', () => {
    const none = policy({ caps: { email: { day: 0, week: 0 } } });
    expect(decide(none, patient({}))).toMatchObject({ kind: 'suppress', cause: 'cap' });
    const refused = { reachable: ['email'] as const, consent: { email: false } };
    expect(decide(capped, patient({ reach: refused }))).toMatchObject({ kind: 'suppress', cause: 'consent' });
  });

  it('hold it until exactly the moment at which it is sent', () => {
    const sent = sentByMail(NOON - 20 * HOUR, NOON - 4 * HOUR);
    const held = patient({ sent, now: NOON + 4 * HOUR - 1, expiresAt: NOON + 3 * DAY });
    expect(decide(capped, held)).toMatchObject({ kind: 'hold', until: NOON + 4 * HOUR });
    expect(decide(capped, { ...held, now: NOON + 4 * HOUR })).toMatchObject({ kind: 'send' });
  });
});

describe('the rules that were asked', () => {
  const namesIn = ({ asked }: Verdict): string[] =>
    asked.map(({ rule, channel, finding }) => `${channel} ${rule}: ${finding.says}`);

  it('are kept in order, up to the first that stands against a channel', () => {
    const reach = { reachable: ['email', 'inApp'] as const, consent: { email: false } };
    expect(namesIn(decide(policy(), candidate({ channels: ['webPush', 'email', 'inApp'], reach })))).toEqual([
      'webPush address: refuse',
      'email address: pass',
      'email suppression: pass',
      'email consent: refuse',
      'inApp address: pass',
      'inApp suppression: pass',
      'inApp consent: pass',
      'inApp cap: pass',
    ]);
  });

  it('are fewer for a transactional message', () => {
    expect(namesIn(decide(policy(), candidate({ transactional: true })))).toEqual([
      'email address: pass',
      'email suppression: pass',
      'email cap: pass',
    ]);
  });
});
