import fc from 'fast-check';
import { DateTime } from 'luxon';
import { nextLocal, parseTime, windowEnd, zoneOf, type LocalTime } from './zone';

const BERLIN = 'Europe/Berlin';
const at = (iso: string): number => Date.parse(iso);
const next = (when: LocalTime, zone: string, after: string): string =>
  new Date(nextLocal(when, zone, at(after))).toISOString();

describe('the zone of a user', () => {
  it.each([
    [{ timezone: 'Europe/Berlin' }, 'Europe/Berlin'],
    [{ timeZone: 'America/New_York' }, 'America/New_York'],
    [{ timezone: 'Asia/Calcutta' }, 'Asia/Calcutta'],
    [{ timezone: 'europe/BERLIN' }, 'Europe/Berlin'],
    [{ timezone: 'us/pacific' }, 'America/Los_Angeles'],
    [{ timezone: 'US/Pacific' }, 'America/Los_Angeles'],
    [{ timezone: 'utc' }, 'UTC'],
    [{ timezone: 'Mars/Olympus' }, 'utc'],
    [{ timezone: 'Europe/Berlin ' }, 'utc'],
    [{ timezone: 'Asia/To\u212Ayo' }, 'utc'],
    [{ timezone: 7 }, 'utc'],
    [{}, 'utc'],
  ])('%j is %s', (traits, zone) => expect(zoneOf(traits)).toBe(zone));
});

it('keeps nothing for another spelling of a zone', () => {
  const zones = spellings('America/Argentina/Buenos_Aires', 2_000).map((timezone) => zoneOf({ timezone }));
  expect(new Set(zones)).toEqual(new Set([zoneOf({ timezone: 'America/Argentina/Buenos_Aires' })]));
  // Luxon keeps one zone object for each name it is given.
  const kept = new Set(zones.map((zone) => DateTime.fromMillis(0, { zone }).zone));
  expect(kept.size).toBe(1);
});

/** The first spellings of a name, which differ in the case of their letters. */
function spellings(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) =>
    Array.from(name, (letter, at) => ((n >> at) & 1 ? letter.toUpperCase() : letter.toLowerCase())).join(''),
  );
}

describe('the next local time', () => {
  it('is today if it is still to come, else tomorrow', () => {
    expect(next({ at: '09:00' }, BERLIN, '2026-01-05T07:59:59Z')).toBe('2026-01-05T08:00:00.000Z');
    expect(next({ at: '09:00' }, BERLIN, '2026-01-05T08:00:00Z')).toBe('2026-01-06T08:00:00.000Z');
  });

  it('is on the requested weekday', () => {
    expect(next({ weekday: 1, at: '09:00' }, BERLIN, '2026-01-05T07:00:00Z')).toBe('2026-01-05T08:00:00.000Z');
    expect(next({ weekday: 1, at: '09:00' }, BERLIN, '2026-01-05T08:00:00Z')).toBe('2026-01-12T08:00:00.000Z');
    expect(next({ weekday: 7, at: '00:00' }, BERLIN, '2026-01-05T08:00:00Z')).toBe('2026-01-10T23:00:00.000Z');
  });

  it('shows the same time of day after daylight saving begins or ends', () => {
    expect(next({ at: '09:00' }, BERLIN, '2026-03-28T09:00:00Z')).toBe('2026-03-29T07:00:00.000Z');
    expect(next({ at: '09:00' }, BERLIN, '2026-10-24T09:00:00Z')).toBe('2026-10-25T08:00:00.000Z');
  });

  it('is an hour later by the local clock on a day without the requested time', () => {
    expect(next({ at: '02:30' }, BERLIN, '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
    expect(next({ at: '02:30' }, BERLIN, '2026-03-29T01:30:00Z')).toBe('2026-03-30T00:30:00.000Z');
  });

  it('is the first of the two on a day that has the time twice', () => {
    expect(next({ at: '02:30' }, BERLIN, '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(next({ at: '02:30' }, BERLIN, '2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z');
  });

  it('is right on a day that begins at 01:00', () => {
    expect(next({ at: '00:30' }, 'Africa/Cairo', '2026-04-23T12:00:00Z')).toBe('2026-04-23T22:30:00.000Z');
  });

  it('is later, less than two weeks away, and shows the requested time, unless the day does not have it', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('utc', BERLIN, 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'Asia/Kathmandu'),
        fc.record(
          {
            at: fc
              .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
              .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}` as LocalTime['at']),
            weekday: fc.constantFrom<NonNullable<LocalTime['weekday']>>(1, 2, 3, 4, 5, 6, 7),
          },
          { requiredKeys: ['at'] },
        ),
        fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') }),
        (zone, when, after) => {
          const result = nextLocal(when, zone, after);
          const local = DateTime.fromMillis(result, { zone });
          expect(result).toBeGreaterThan(after);
          expect(result - after).toBeLessThan(14 * 86_400_000);
          if (when.weekday !== undefined) expect(local.weekday).toBe(when.weekday);
          if (local.toFormat('HH:mm') !== when.at) {
            // The clocks skip this time on that day.
            const shown = local.startOf('day').set(parseTime(when.at));
            expect(shown.toFormat('HH:mm')).not.toBe(when.at);
          }
        },
      ),
      { numRuns: 1_000 },
    ));

  it('of a day of the month on a weekday may be months ahead', () => {
    expect(nextLocal({ weekday: 1, day: 1, at: '09:00' }, 'utc', Date.parse('2026-01-05T12:00:00Z'))).toBe(
      Date.parse('2026-06-01T09:00:00Z'),
    );
  });

  it('of an invalid weekday is an error', () => {
    expect(() => nextLocal({ weekday: 8 as 7, at: '09:00' }, 'utc', 0)).toThrow('Not a weekday: 8');
  });
});

describe('the end of a daily window', () => {
  const night = { from: '22:00', to: '08:00' } as const;
  const lunch = { from: '12:00', to: '13:30' } as const;
  const end = (window: typeof night | typeof lunch, zone: string, now: string): string | null => {
    const until = windowEnd(window, zone, at(now));
    return until === null ? null : new Date(until).toISOString();
  };

  it('is that of the window the time is in, and null outside', () => {
    expect(end(lunch, BERLIN, '2026-01-05T11:00:00Z')).toBe('2026-01-05T12:30:00.000Z');
    expect(end(lunch, BERLIN, '2026-01-05T12:30:00Z')).toBeNull();
    expect(end(lunch, BERLIN, '2026-01-05T10:59:59Z')).toBeNull();
  });

  it('is on the next day in the evening, and on the same day after midnight', () => {
    expect(end(night, BERLIN, '2026-01-05T20:59:59Z')).toBeNull();
    expect(end(night, BERLIN, '2026-01-05T21:00:00Z')).toBe('2026-01-06T07:00:00.000Z');
    expect(end(night, BERLIN, '2026-01-06T06:59:59Z')).toBe('2026-01-06T07:00:00.000Z');
    expect(end(night, BERLIN, '2026-01-06T07:00:00Z')).toBeNull();
  });

  it('shows the same local time in the nights daylight saving begins and ends', () => {
    expect(end(night, BERLIN, '2026-03-28T22:00:00Z')).toBe('2026-03-29T06:00:00.000Z');
    expect(end(night, BERLIN, '2026-10-24T21:00:00Z')).toBe('2026-10-25T07:00:00.000Z');
  });
});

describe('the end of any daily window', () => {
  const times = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '30'))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}` as LocalTime['at']);

  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
  /** A time within two days of a change of the clocks, or any other. */
  const moments = fc.oneof(
    fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') }),
    fc
      .tuple(
        fc.constantFrom('2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-03-08T07:00Z', '2026-11-01T06:00Z'),
        fc.integer({ min: -2 * 86_400_000, max: 2 * 86_400_000 }),
      )
      .map(([change, distance]) => at(change) + distance),
    fc
      .tuple(
        fc.constantFrom('2026-04-04T15:00Z', '2026-10-03T15:30Z'),
        fc.integer({ min: -2 * 86_400_000, max: 2 * 86_400_000 }),
      )
      .map(([change, distance]) => at(change) + distance),
  );

  it('is the first time after now at which the clock shows one outside, also when the clocks change', () =>
    fc.assert(
      fc.property(moments, fc.constantFrom(...zones), times, times, (now, zone, from, to) => {
        fc.pre(from !== to);
        const isInside = (time: number): boolean => {
          const clock = DateTime.fromMillis(time, { zone }).toFormat('HH:mm');
          return from < to ? clock >= from && clock < to : clock >= from || clock < to;
        };
        const end = windowEnd({ from, to }, zone, now);
        expect(end !== null).toBe(isInside(now));
        if (end === null) return;
        expect(isInside(end)).toBe(false);
        // Near the end the clock can go back, out of the window and in again.
        for (let time = now; time < end - 3 * 3_600_000; time += 600_000) expect(isInside(time)).toBe(true);
        expect(isInside(end - 1)).toBe(true);
      }),
      { numRuns: 400 },
    ));

  it('is that of a window which begins on its weekdays', () => {
    const weekend = { from: '20:00', to: '10:00', weekdays: [5, 6] } as const;
    const end = (now: string): number | null => windowEnd(weekend, BERLIN, at(now));
    expect(end('2026-01-08T22:00:00Z')).toBeNull(); // Thursday
    expect(end('2026-01-09T22:00:00Z')).toBe(at('2026-01-10T09:00:00Z'));
    expect(end('2026-01-11T08:00:00Z')).toBe(at('2026-01-11T09:00:00Z'));
    expect(end('2026-01-11T22:00:00Z')).toBeNull(); // Sunday
  });
});

describe('a time of day', () => {
  it('is hours and minutes', () => expect(parseTime('09:05')).toEqual({ hour: 9, minute: 5 }));
  it.each(['24:00', '9', '09:60', 'noon', '09:00:00', ''])('is not %j', (text) =>
    expect(() => parseTime(text)).toThrow(`Not a time of day: '${text}'`),
  );
});
