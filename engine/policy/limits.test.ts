import fc from 'fast-check';
import { DateTime } from 'luxon';
import { z } from 'zod';
import { event, type EventDefinition } from '../authoring/event';
import { lifecycle } from '../authoring/lifecycle';
import { journey, type Journey } from '../authoring/journey';
import { CHANNELS } from '../model/channels';
import type { ChannelName, Message } from '../model/state';
import { compile } from '../outline/compile';
import { MemoryHost } from '../testing/memory-host';
import { policy, type PolicyOptions } from './define';
import { IF_CAPPED, type IfCapped } from './if-capped';
import { LONGEST_MS, SPANS, type Cap } from './spans';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const small: EventDefinition<unknown> = event('Small', z.object({}), {});
const big: EventDefinition<unknown> = event('Big', z.object({}), {});

function sends(id: string, enter: EventDefinition<unknown>, options: SendingOptions): Journey {
  const { priority = 0, channels = ['email'], ifCapped, transactional = false, topic } = options;
  return journey(id, { enter, reenter: 'always', priority, transactional }, async (j) => {
    await j.send('message', Object.fromEntries(channels.map((channel) => [channel, 'message'])), {
      ...(ifCapped && { ifCapped }),
      ...(topic !== undefined && { topic }),
    });
  });
}

interface SendingOptions {
  readonly priority?: number;
  readonly channels?: readonly ChannelName[];
  readonly ifCapped?: IfCapped | undefined;
  readonly transactional?: boolean;
  readonly topic?: string;
}

async function person(
  journeys: readonly Journey[],
  options: PolicyOptions,
  { traits = {}, now }: { readonly traits?: Record<string, string | object>; readonly now: number },
): Promise<MemoryHost> {
  const rules = { lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy(options), traits: {} };
  const user = { id: 'ada', traits: traits as Record<string, string>, reachable: CHANNELS, createdAt: now };
  return new MemoryHost(user, await compile({ ...rules, journeys }));
}

/** Lets the time pass, with all decisions that are due. */
async function pass(host: MemoryHost, until: number): Promise<void> {
  while (host.wakeAt !== null && host.wakeAt <= until) await host.decide(host.wakeAt);
}

const sentBy = ({ messages }: MemoryHost): Message[] =>
  [...messages.values()].filter(({ status }) => status === 'queued');

/** Half a day before the clocks change, and any other day. */
const BEGINS = [
  '2026-03-28T12:00Z',
  '2026-10-24T12:00Z',
  '2026-03-07T18:00Z',
  '2026-10-31T18:00Z',
  '2026-04-04T03:00Z',
  '2026-10-03T03:00Z',
  '2026-06-01T12:00Z',
].map((iso) => Date.parse(iso));
const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];

const most = fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined, freq: 2 });
const cap = fc
  .record(Object.fromEntries(SPANS.map((span) => [span, most])))
  .map((spans): Cap => ({ day: Infinity, week: Infinity, ...(JSON.parse(JSON.stringify(spans)) as Cap) }));
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30'))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}` as `${number}:${number}`);
const hours = fc.record({ from: time, to: time }).filter(({ from, to }) => from !== to);
const happenings = fc.array(
  fc.record({
    minutes: fc.integer({ min: 1, max: 400 }),
    what: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(small, big) }, fc.constantFrom(...ZONES)),
  }),
  { minLength: 5, maxLength: 30 },
);

it('no message breaks a cap or goes out in closed hours, also in nights in which clocks change and in a zone that changes', () =>
  fc.assert(
    fc.asyncProperty(
      fc.record({
        begin: fc.constantFrom(...BEGINS),
        zone: fc.constantFrom(...ZONES),
        caps: fc.record({ total: cap, email: cap, webPush: cap, journeys: fc.record({ small: cap }) }),
        quiet: hours,
        window: fc.option(hours),
        own: fc.option(hours),
        ifCapped: fc.constantFrom(...IF_CAPPED, undefined),
        happenings,
      }),
      async ({ begin, zone, caps, quiet, window, own, ifCapped, happenings: life }) => {
        const channels = ['webPush', 'email'] as const;
        const journeys = [sends('small', small, { channels, ifCapped }), sends('big', big, { channels, priority: 1 })];
        const sendWindows = window ? [window] : [];
        const host = await person(
          journeys,
          { caps, quietHours: quiet, sendWindows },
          { now: begin, traits: { timezone: zone, ...(own && { doNotDisturb: own }) } },
        );
        const moves = [{ at: begin, zone }];
        let now = begin;
        for (const { minutes, what } of life) {
          now += minutes * MINUTE;
          await pass(host, now - 1);
          if (typeof what === 'string') {
            moves.push({ at: now, zone: what });
            await host.receiveTraits({ timezone: what }, now);
          } else await host.receive(what.name, {}, now);
        }
        await pass(host, now + 40 * DAY);

        const sent = sentBy(host);
        const zoneAt = (at: number): string => moves.filter((move) => move.at <= at).at(-1)?.zone ?? zone;
        for (const { decidedAt } of sent) {
          const clock = DateTime.fromMillis(decidedAt, { zone: zoneAt(decidedAt) }).toFormat('HH:mm');
          expect(isIn(quiet, clock)).toBe(false);
          if (window) expect(isIn(window, clock)).toBe(true);
          if (own) expect(isIn(own, clock)).toBe(false);
        }
        expectCap(sent, caps.total, zoneAt);
        for (const channel of channels)
          expectCap(
            sent.filter((message) => message.channel === channel),
            caps[channel],
            zoneAt,
          );
        expectCap(
          sent.filter((message) => message.journey === 'small'),
          caps.journeys.small,
          zoneAt,
        );
      },
    ),
    { numRuns: 150 },
  ));

function isIn({ from, to }: { readonly from: string; readonly to: string }, clock: string): boolean {
  return from < to ? clock >= from && clock < to : clock >= from || clock < to;
}

function expectCap(sent: readonly Message[], limits: Cap, zoneAt: (at: number) => string): void {
  for (const { decidedAt: end } of sent)
    for (const span of SPANS) {
      const since =
        span === 'localDay'
          ? DateTime.fromMillis(end, { zone: zoneAt(end) })
              .startOf('day')
              .toMillis() - 1
          : end - LONGEST_MS[span];
      const counted = sent.filter(({ decidedAt }) => decidedAt <= end && decidedAt > since);
      expect(counted.length).toBeLessThanOrEqual(limits[span] ?? Infinity);
    }
}

describe('the priority of a journey', () => {
  const night = Date.parse('2026-01-05T22:00Z');
  const oneADay = { caps: { email: { day: 1 } } };
  const journeys = [sends('small', small, {}), sends('big', big, { priority: 10 })];
  const outcomes = (host: MemoryHost): string[] =>
    [...host.messages.values()].map(({ journey: id, status, reason }) => `${id}: ${status}, ${reason}`);

  it('lets it decide first at the same instant', async () => {
    const noon = Date.parse('2026-01-05T12:00Z');
    const both = [sends('a-small', small, {}), sends('big', small, { priority: 1 })];
    const host = await person(both, oneADay, { now: noon });
    await host.receive('Small', {}, noon);
    expect(outcomes(host)).toEqual(['big: queued, allowed', 'a-small: suppressed, capped: email 1 a day']);
  });

  it('keeps a place for its message that is held, and for no other', async () => {
    const open = { ...oneADay, quietHours: { from: '21:00', to: '08:00', channels: ['email'] } } as const;
    const quick = [sends('small', small, { channels: ['webPush', 'email'] }), sends('big', big, { priority: 10 })];
    const total = { ...open, caps: { total: { day: 1 } } };
    const host = await person(quick, total, { now: night });
    await host.receive('Big', {}, night);
    await host.receive('Small', {}, night + 1);
    await pass(host, night + DAY);
    expect(outcomes(host)).toEqual([
      'big: queued, allowed',
      "small: suppressed, capped: total 1 a day, of which 'big' keeps one",
    ]);
    const other = await person(quick, total, { now: night });
    await other.receive('Small', {}, night);
    await other.receive('Big', {}, night + 1);
    await pass(other, night + 3 * DAY);
    expect(outcomes(other)[0]).toBe('small: queued, allowed');
  });

  it('keeps a place under the cap of a topic, for messages of that topic', async () => {
    const quietHours = { from: '21:00', to: '08:00', channels: ['email'] } as const;
    const life = async (topic: string): Promise<string[]> => {
      const important = sends('big', big, { priority: 10, topic: 'digest' });
      const quick = [sends('small', small, { channels: ['webPush'], topic }), important];
      const host = await person(quick, { caps: { topics: { digest: { day: 1 } } }, quietHours }, { now: night });
      await host.receive('Big', {}, night);
      await host.receive('Small', {}, night + 1);
      await pass(host, night + DAY);
      return outcomes(host);
    };
    expect(await life('digest')).toEqual([
      'big: queued, allowed',
      "small: suppressed, capped: topic digest 1 a day, of which 'big' keeps one",
    ]);
    expect(await life('offers')).toEqual(['big: queued, allowed', 'small: queued, allowed']);
  });

  it('keeps no place for a message that is decided when the lesser one counts no more', async () => {
    const hourly = {
      caps: { total: { hour: 1 } },
      quietHours: { from: '21:00', to: '08:00', channels: ['email'] },
    } as const;
    const quick = [sends('small', small, { channels: ['webPush'] }), sends('big', big, { priority: 10 })];
    const host = await person(quick, hourly, { now: night });
    await host.receive('Big', {}, night);
    await host.receive('Small', {}, night + 1);
    await pass(host, night + DAY);
    expect(sentBy(host).map(({ journey: id }) => id)).toEqual(['big', 'small']);
  });

  it('lets a lesser message that is to be held wait for room after the important one', async () => {
    const both = [sends('small', small, { ifCapped: 'hold' }), sends('big', big, { priority: 10 })];
    const host = await person(both, oneADay, { now: night });
    await host.receive('Big', {}, night);
    await host.receive('Small', {}, night + 1);
    await pass(host, night + 3 * DAY);
    expect(sentBy(host).map(({ journey: id, decidedAt }) => [id, decidedAt - night])).toEqual([
      ['big', 10 * HOUR],
      ['small', 34 * HOUR],
    ]);
  });

  it('never loses a place that is kept to lesser messages, whenever they come', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 30 * 60 }), { maxLength: 8 }),
        fc.integer({ min: 0, max: 30 * 60 }),
        async (smalls, at) => {
          const quick = [sends('small', small, { channels: ['webPush'] }), sends('big', big, { priority: 10 })];
          const quiet = { from: '21:00', to: '08:00', channels: ['email'] } as const;
          const host = await person(quick, { caps: { total: { day: 1 } }, quietHours: quiet }, { now: night });
          const life = [...smalls.map((minute) => ({ minute, name: 'Small' })), { minute: at, name: 'Big' }];
          let wasHeld = false;
          for (const { minute, name } of life.sort((a, b) => a.minute - b.minute)) {
            const now = night + minute * MINUTE;
            await pass(host, now - 1);
            await host.receive(name, {}, now);
            if (name !== 'Big') continue;
            const held = [...host.messages.values()].find(({ journey: id }) => id === 'big');
            const until = held?.status === 'held' ? (host.wakeAt ?? 0) : 0;
            wasHeld = until > 0 && !sentBy(host).some(({ decidedAt }) => decidedAt > until - DAY);
          }
          await pass(host, night + 5 * DAY);
          if (wasHeld) expect(sentBy(host).map(({ journey: id }) => id)).toContain('big');
        },
      ),
      { numRuns: 200 },
    ));

  it('of messages that are transactional concerns nobody', async () => {
    const both = [
      sends('small', small, { channels: ['webPush'] }),
      sends('big', big, { priority: 10, transactional: true }),
    ];
    const host = await person(both, { caps: { total: { day: 1 } } }, { now: Date.parse('2026-01-05T12:00Z') });
    await host.receive('Big', {}, Date.parse('2026-01-05T12:00Z'));
    await host.receive('Small', {}, Date.parse('2026-01-05T12:01Z'));
    expect(sentBy(host)).toHaveLength(2);
  });

  it('is a word or a whole number', () => {
    expect(journeys.map(({ priority }) => priority)).toEqual([undefined, 10]);
    expect(journey('x', { enter: small, priority: 'low' }, () => Promise.resolve()).priority).toBe(-10);
    expect(() => sends('x', small, { priority: 0.5 })).toThrow("The priority of 'x' must be");
  });
});

describe('hours and days', () => {
  const sentAt = async (
    options: PolicyOptions,
    iso: string,
    traits: Record<string, string | object> = {},
  ): Promise<string | undefined> => {
    const now = Date.parse(iso);
    const host = await person([sends('small', small, { channels: ['email'] })], options, { now, traits });
    await host.receive('Small', {}, now);
    await pass(host, now + 10 * DAY);
    const [message] = sentBy(host);
    return message && new Date(message.decidedAt).toISOString();
  };

  it('of the country and of the company are those of users without a zone', async () => {
    const options = { zone: 'Europe/Berlin', zones: { US: 'America/New_York' } };
    expect(await sentAt(options, '2026-01-05T22:00Z')).toBe('2026-01-06T07:00:00.000Z');
    expect(await sentAt(options, '2026-01-05T22:00Z', { country: 'us' })).toBe('2026-01-05T22:00:00.000Z');
    expect(await sentAt(options, '2026-01-05T22:00Z', { address: { country: 'US' } })).toBe('2026-01-05T22:00:00.000Z');
    expect(await sentAt(options, '2026-01-05T22:00Z', { country: 'US', timezone: 'Europe/Berlin' })).toBe(
      '2026-01-06T07:00:00.000Z',
    );
  });

  it('can be different on weekends', async () => {
    const quietHours = [
      { from: '22:00', to: '08:00', weekdays: [7, 1, 2, 3, 4] },
      { from: '22:00', to: '11:00', weekdays: [5, 6] },
    ] as const;
    expect(await sentAt({ quietHours }, '2026-01-08T23:00Z')).toBe('2026-01-09T08:00:00.000Z');
    expect(await sentAt({ quietHours }, '2026-01-09T23:00Z')).toBe('2026-01-10T11:00:00.000Z');
  });

  it('of a send window hold a message over a weekend and its holidays', async () => {
    const sendWindows = { from: '09:00', to: '17:00', weekdays: [1, 2, 3, 4, 5] } as const;
    const holidays = { dates: { '*': ['01-06'], DE: ['2026-01-12'] } };
    expect(await sentAt({ sendWindows }, '2026-01-09T17:00Z')).toBe('2026-01-12T09:00:00.000Z');
    expect(await sentAt({ sendWindows, holidays }, '2026-01-09T17:00Z', { country: 'DE' })).toBeUndefined();
    const expiry = { email: '7 days' } as const;
    expect(await sentAt({ sendWindows, holidays, expiry }, '2026-01-09T17:00Z', { country: 'DE' })).toBe(
      '2026-01-13T09:00:00.000Z',
    );
    expect(await sentAt({ sendWindows, holidays, expiry }, '2026-01-05T17:00Z')).toBe('2026-01-07T09:00:00.000Z');
  });

  it('in which a user is not to be disturbed are in the trait `doNotDisturb`, unless it is no such hours', async () => {
    const lunch = { doNotDisturb: { from: '12:00', to: '14:30' } };
    expect(await sentAt({}, '2026-01-05T12:00Z', lunch)).toBe('2026-01-05T14:30:00.000Z');
    for (const doNotDisturb of [
      'always',
      { from: '12:00' },
      { from: '12:00', to: '12:00' },
      { from: 'noon', to: '14:00' },
    ])
      expect(await sentAt({}, '2026-01-05T12:00Z', { doNotDisturb })).toBe('2026-01-05T12:00:00.000Z');
    expect(await sentAt({}, '2026-01-05T12:00Z', { doNotDisturb: { ...lunch.doNotDisturb, weekdays: [2] } })).toBe(
      '2026-01-05T12:00:00.000Z',
    );
  });

  it('that leave no time to send suppress a message at once', async () => {
    const never = { quietHours: { from: '08:00', to: '18:00' }, sendWindows: { from: '09:00', to: '17:00' } } as const;
    const now = Date.parse('2026-01-05T12:00Z');
    const host = await person([sends('small', small, {})], never, { now });
    await host.receive('Small', {}, now);
    expect([...host.messages.values()]).toMatchObject([{ status: 'suppressed', reason: 'expires in quiet hours' }]);
  });
});
