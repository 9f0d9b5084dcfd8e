import fc from 'fast-check';
import { DateTime } from 'luxon';
import { every } from '..';
import { journey, type Journey, type JourneyOptions } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { explore } from '../explore';
import { journeyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import type { LocalTime, Weekday } from '../model/zone';
import { compile } from '../outline/compile';
import { signedUp, unrestrained } from '../testing/properties/catalogue';
import { MemoryHost } from '../testing/memory-host';
import { traveller, type Traveller } from '../testing/traveller';

/** Entries by the calendar; see `docs/semantics.md`. */

const HOUR = 3_600_000;
/** A Thursday. */
const BEGIN = '2026-01-01T12:00:00Z';

const digest = (when: LocalTime, options: Partial<JourneyOptions> = {}): Journey =>
  journey('digest', { enter: every(when), reenter: 'always', ...options }, (j) => j.award('news', { points: 1 }));

const entered = (ada: Traveller): string[] => ada.runs.map(({ enteredAt }) => new Date(enteredAt).toISOString());

async function hostOf(one: Journey, timezone: string, now = Date.parse(BEGIN)): Promise<MemoryHost> {
  const definitions = await compile({
    journeys: [one],
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    ...unrestrained,
    traits: {},
  });
  const host = new MemoryHost({ id: 'ada', traits: { timezone }, reachable: [], createdAt: now }, definitions);
  await host.decide(now);
  return host;
}

it.each<[LocalTime, string[]]>([
  [{ weekday: 1, at: '09:00' }, ['01-05T08:00', '01-12T08:00', '01-19T08:00']],
  [{ weekdays: [1, 4], at: '14:00' }, ['01-01T13:00', '01-05T13:00', '01-08T13:00']],
  [{ day: 1, at: '09:00' }, ['02-01T08:00', '03-01T08:00', '04-01T07:00']],
  [{ day: 31, at: '09:00' }, ['01-31T08:00', '02-28T08:00', '03-31T07:00']],
  [{ at: '04:00' }, ['01-02T03:00', '01-03T03:00', '01-04T03:00']],
  [{ weekday: 1, at: '09:00', zone: 'Asia/Tokyo' }, ['01-05T00:00', '01-12T00:00', '01-19T00:00']],
])('%j lets the user enter whenever their clock shows it', async (when, expected) => {
  const ada = traveller(digest(when), { at: BEGIN, timezone: 'Europe/Berlin' });
  await ada.forward('100 days');
  expect(
    entered(ada)
      .slice(0, 3)
      .map((time) => time.slice(5, 16)),
  ).toEqual(expected);
});

it('a time that is over when the user becomes known lets nobody enter', async () => {
  const ada = traveller(digest({ at: '11:00' }), { at: BEGIN });
  await ada.forward('20 hours');
  expect(ada.runs).toEqual([]);
  await ada.forward('4 hours');
  expect(entered(ada)).toEqual(['2026-01-02T11:00:00.000Z']);
});

it('from Tokyo to Honolulu the date that comes again lets nobody enter twice', async () => {
  const ada = traveller(digest({ weekday: 1, at: '09:00' }), { at: BEGIN, timezone: 'Asia/Tokyo' });
  await ada.forwardTo('2026-01-05T01:00:00Z');
  await ada.identify({ timezone: 'Pacific/Honolulu' });
  await ada.forward('3 days');
  expect(entered(ada)).toEqual(['2026-01-05T00:00:00.000Z']);
  await ada.forward('7 days');
  expect(entered(ada).slice(1)).toEqual(['2026-01-12T19:00:00.000Z']);
});

it('who flies past the time on that date enters on arrival', async () => {
  const ada = traveller(digest({ weekday: 1, at: '09:00' }), { at: BEGIN, timezone: 'Pacific/Honolulu' });
  await ada.forwardTo('2026-01-05T06:00:00Z');
  await ada.identify({ timezone: 'Asia/Tokyo' });
  await ada.forward('3 days');
  expect(entered(ada)).toEqual(['2026-01-05T06:00:00.000Z']);
});

it('an hour that the clocks leave out comes an hour later, one that comes twice is taken the first time', async () => {
  const ada = traveller(digest({ at: '02:30' }), { at: '2026-03-28T12:00:00Z', timezone: 'Europe/Berlin' });
  await ada.forward('3 days');
  expect(entered(ada)).toEqual(['2026-03-29T01:30:00.000Z', '2026-03-30T00:30:00.000Z', '2026-03-31T00:30:00.000Z']);
  const ben = traveller(digest({ at: '02:30' }), { at: '2026-10-24T12:00:00Z', timezone: 'Europe/Berlin' });
  await ben.forward('2 days');
  expect(entered(ben)).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']);
});

describe('of the times that passed while the engine was away', () => {
  it.each([
    [
      'the last one lets the user enter, at its time, if its day is not over',
      3 * 24 * HOUR + 10 * HOUR,
      ['2026-01-04T09:00:00.000Z'],
    ],
    ['none does after the end of its day', 3 * 24 * HOUR - 4 * HOUR, []],
  ])('%s', async (_, away, expected) => {
    const host = await hostOf(digest({ at: '09:00' }), 'utc');
    await host.decide(Date.parse(BEGIN) + away);
    expect(host.runs.map(({ enteredAt }) => new Date(enteredAt).toISOString())).toEqual(expected);
  });

  it('one late in the evening has three hours', async () => {
    for (const [late, entries] of [
      [2.9, 1],
      [3.1, 0],
    ] as const) {
      const host = await hostOf(digest({ at: '23:00' }), 'utc');
      await host.decide(Date.parse('2026-01-01T23:00:00Z') + late * HOUR);
      expect(host.runs).toHaveLength(entries);
    }
  });
});

it('an edit counts from then on, and a date that had its entry gets no second one', async () => {
  const ada = traveller(digest({ at: '13:00' }), { at: BEGIN });
  await ada.forward('90 minutes');
  await ada.deploy(digest({ at: '15:00' }));
  await ada.forward('20 hours');
  expect(entered(ada)).toEqual(['2026-01-01T13:00:00.000Z']);
  await ada.deploy(digest({ at: '09:00' }));
  await ada.forwardTo('2026-01-02T23:00:00Z');
  expect(ada.runs).toHaveLength(1);
  await ada.forwardTo('2026-01-03T23:00:00Z');
  expect(entered(ada).slice(1)).toEqual(['2026-01-03T09:00:00.000Z']);
});

it('an edit may name another zone, and take it away again', async () => {
  const ada = traveller(digest({ at: '13:00' }), { at: BEGIN });
  await ada.deploy(digest({ at: '13:00', zone: 'Asia/Tokyo' }));
  await ada.forward('1 day');
  await ada.deploy(digest({ at: '13:00' }));
  await ada.forward('2 days');
  expect(entered(ada)).toEqual(['2026-01-02T04:00:00.000Z', '2026-01-03T13:00:00.000Z']);
});

it('a user who is inside stays where they are', async () => {
  const run = journey('digest', { enter: every({ at: '13:00' }), reenter: 'always' }, (j) =>
    j.sleep('long', '60 hours'),
  );
  const edited = journey('digest', { enter: signedUp, reenter: 'always' }, (j) => j.sleep('long', '60 hours'));
  const ada = traveller(run, { at: BEGIN });
  await ada.forward('2 hours');
  await ada.deploy(edited);
  await ada.forward('5 days');
  expect(ada.runs).toMatchObject([{ status: 'completed', endedAt: Date.parse('2026-01-04T01:00:00Z') }]);
});

it('`reenter` with a time leaves dates out without a refusal', async () => {
  const ada = traveller(digest({ weekday: 5, at: '17:00' }, { reenter: { after: '20 days' } }), { at: BEGIN });
  await ada.forward('60 days');
  expect(entered(ada).map((time) => time.slice(5, 10))).toEqual(['01-02', '01-23', '02-13']);
  expect(ada.decisions.filter(({ what }) => what === 'not entered')).toEqual([]);
});

const ZONES = [
  'Asia/Tokyo',
  'Pacific/Honolulu',
  'Europe/Berlin',
  'Pacific/Kiritimati',
  'America/New_York',
  'Pacific/Apia',
];

it('wherever the user travels, each date they see the time of lets them enter exactly once', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ hours: fc.integer({ min: 0, max: 70 }), zone: fc.constantFrom(...ZONES) }), {
        maxLength: 25,
      }),
      fc.constantFrom<LocalTime>(
        { at: '04:00' },
        { at: '23:30' },
        { weekday: 1, at: '09:00' },
        { weekdays: [2, 6], at: '12:00' },
      ),
      async (moves, when) => {
        const ada = traveller(digest(when), { at: BEGIN, timezone: 'Europe/Berlin' });
        const seen = new Set<string>();
        let zone = 'Europe/Berlin';
        for (const move of [...moves, { hours: 24, zone }]) {
          const start = ada.now;
          await ada.forward(`${move.hours} hours`);
          for (const date of datesShown(when, zone, start, ada.now)) seen.add(date);
          zone = move.zone;
          await ada.identify({ timezone: zone });
        }
        const dates = ada.runs.map(({ trigger }) => trigger.id.replace('calendar:', ''));
        expect(new Set(dates).size).toBe(dates.length);
        expect(dates).toEqual([...dates].sort());
        const last = dates.at(-1) ?? '';
        // A later date may be seen first, when the user flies back over the date line.
        for (const date of seen) if (!dates.includes(date)) expect(date < last).toBe(true);
        for (const date of dates) expect(isMeant(when, date)).toBe(true);
      },
    ),
    { numRuns: 40 },
  ));

describe('as data', () => {
  it.each<LocalTime>([
    { at: '04:00' },
    { weekday: 1, at: '09:00' },
    { weekdays: [1, 2], at: '9:00' },
    { day: 31, at: '09:00', zone: 'Asia/Tokyo' },
  ])('%j', (when) => {
    const definition = journeyDefinition.parse({
      enter: { kind: 'calendar', when },
      steps: [{ kind: 'exit', step: 'out' }],
    });
    expect(toJourney('digest', definition, new Map()).enter).toEqual(every(when));
  });

  it.each([
    [{}],
    [{ at: '25:00' }],
    [{ weekday: 8, at: '09:00' }],
    [{ day: 32, at: '09:00' }],
    [{ at: '09:00', zone: 'Moon' }],
  ])('%j is refused', (when) => {
    const definition = { enter: { kind: 'calendar', when }, steps: [{ kind: 'exit', step: 'out' }] };
    expect(journeyDefinition.safeParse(definition).success).toBe(false);
  });
});

it.each([
  [{ at: '25:00' }],
  [{ weekday: 8, at: '09:00' }],
  [{ day: 32, at: '09:00' }],
  [{ at: '09:00', zone: 'Moon' }],
])('in code %j is an error', (when) => expect(() => every(when as LocalTime)).toThrow(TypeError));

it('explore enters by hand', async () => {
  const { defects, paths } = await explore(digest({ at: '09:00' }));
  expect([defects, paths]).toEqual([[], 1]);
});

/** The dates of which a clock in the zone shows the time between two instants, looked at each half hour. */
function datesShown(when: LocalTime, zone: string, from: number, to: number): string[] {
  const dates: string[] = [];
  for (let at = Math.ceil((from + 1) / (HOUR / 2)) * (HOUR / 2); at <= to; at += HOUR / 2) {
    const shown = DateTime.fromMillis(at, { zone });
    const date = shown.toISODate() ?? '';
    if (shown.toFormat('HH:mm') === when.at && isMeant(when, date)) dates.push(date);
  }
  return dates;
}

function isMeant({ weekday, weekdays }: LocalTime, date: string): boolean {
  const day = (((new Date(date).getUTCDay() + 6) % 7) + 1) as Weekday;
  return weekdays?.includes(day) ?? (weekday === undefined || weekday === day);
}
