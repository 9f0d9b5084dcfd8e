import fc from 'fast-check';
import { after, at, before, trait, yearly } from '..';
import { journey, type Journey, type JourneyOptions } from '../authoring/journey';
import type { Trigger } from '../authoring/trigger';
import { explore } from '../explore';
import { journeyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import { dayAt, dayText } from '../model/local-day';
import type { JsonObject } from '../model/json';
import { unrestrained } from '../testing/properties/catalogue';
import { MemoryHost } from '../testing/memory-host';
import { traveller, type Traveller } from '../testing/traveller';
import type { TravellerOptions } from '../testing/traveller-options';
import { IDENTIFY } from '../model/activity';
import { compile } from '../outline/compile';
import { lifecycle } from '../authoring/lifecycle';

/** Entries by a date in a trait; see `docs/semantics.md`. */

const DAY = 86_400_000;

const by = (enter: Trigger, options: Partial<JourneyOptions> = {}): Journey =>
  journey('dated', { enter, reenter: 'always', ...options }, async (j) => {
    await j.award('come', { points: 1 });
  });

const ending = by(before(trait('trialEndsAt'), '3 days'));
const birthday = by(yearly(trait('birthday'), { at: '10:00' }));

const entered = (ada: Traveller): string[] => ada.runs.map(({ enteredAt }) => new Date(enteredAt).toISOString());

const person = (enter: Journey, traits: JsonObject, more: TravellerOptions = {}): Traveller =>
  traveller(enter, { at: '2026-02-10T12:00:00Z', traits, ...more });

describe('an instant in a trait', () => {
  it.each([
    ['before it', before(trait('time'), '3 days'), '2026-02-17T15:00:00.000Z'],
    ['after it', after(trait('time'), '36 hours'), '2026-02-22T03:00:00.000Z'],
    ['at it', at(trait('time')), '2026-02-20T15:00:00.000Z'],
  ])('lets the user enter %s', async (_, enter, expected) => {
    const ada = person(by(enter), { time: '2026-02-20T15:00:00Z' });
    await ada.forward('30 days');
    expect(entered(ada)).toEqual([expected]);
  });

  it('lets nobody enter if it was over when it became known', async () => {
    const ada = person(ending, { trialEndsAt: '2026-02-12' });
    await ada.forward('30 days');
    expect(ada.runs).toEqual([]);
  });

  it('that moves, moves the entry', async () => {
    const ada = person(ending, { trialEndsAt: '2026-02-20' });
    await ada.forward('2 days');
    await ada.identify({ trialEndsAt: '2026-02-27' });
    await ada.forward('3 days');
    await ada.identify({ trialEndsAt: '2026-03-01' });
    await ada.forward('30 days');
    expect(entered(ada)).toEqual(['2026-02-26T00:00:00.000Z']);
  });

  it('that is written again, moved away and back lets the user enter once', async () => {
    const ada = person(ending, { trialEndsAt: '2026-02-20' });
    await ada.forwardTo('2026-02-17T00:00:00Z');
    for (const trialEndsAt of ['2026-02-20', '2026-02-25', '2026-02-20', '2026-02-20T00:00:00Z'])
      await ada.identify({ trialEndsAt });
    await ada.forward('30 days');
    expect(entered(ada)).toEqual(['2026-02-17T00:00:00.000Z']);
  });

  it('that is taken away before it comes and given back after it lets nobody enter', async () => {
    const ada = person(ending, { trialEndsAt: '2026-02-20' });
    await ada.forward('1 day');
    await ada.identify({ trialEndsAt: null });
    await ada.forward('10 days');
    await ada.identify({ trialEndsAt: '2026-02-20' });
    await ada.forward('10 days');
    expect(ada.runs).toEqual([]);
  });

  it.each([['soon'], [1_770_000_000_000], [null], [{ date: '2026-02-20' }]])('is none: %j', async (trialEndsAt) => {
    const ada = person(ending, { trialEndsAt });
    await ada.forward('30 days');
    expect(ada.runs).toEqual([]);
  });

  it('that becomes known while the engine is away counts from when it was received', async () => {
    const { host, now } = await hostOf(ending);
    host.identify({ trialEndsAt: '2026-02-14' });
    const event = { id: '1', name: IDENTIFY, at: now, receivedAt: now, properties: { trialEndsAt: '2026-02-14' } };
    // The entry would have been on the 11th.
    await host.take([event], now + 4 * DAY);
    expect(host.runs.map(({ enteredAt }) => new Date(enteredAt).toISOString())).toEqual(['2026-02-11T00:00:00.000Z']);
  });

  it('that the engine finds changed is known from then on', async () => {
    const { host, now } = await hostOf(ending);
    host.identify({ trialEndsAt: '2026-02-14' });
    await host.decide(now + 4 * DAY);
    expect(host.runs).toEqual([]);
  });

  it('lets the user enter by the new time after an edit, if that is ahead', async () => {
    const ada = person(ending, { trialEndsAt: '2026-02-20' });
    await ada.forward('1 day');
    await ada.deploy(by(before(trait('trialEndsAt'), '1 day')));
    await ada.forwardTo('2026-02-18T12:00:00Z');
    expect(ada.runs).toEqual([]);
    await ada.deploy(by(before(trait('trialEndsAt'), '2 days')));
    await ada.forwardTo('2026-02-18T13:00:00Z');
    expect(ada.runs).toEqual([]);
    await ada.deploy(by(before(trait('trialEndsAt'), '1 day')));
    await ada.forward('30 days');
    expect(entered(ada)).toEqual(['2026-02-19T00:00:00.000Z']);
  });

  it('that a step of a journey sets counts', async () => {
    const begin = journey('begin', { enter: before(trait('from'), '0 days') }, (j) =>
      j.set('trial', { trialEndsAt: '2026-02-25' }),
    );
    const ada = traveller([begin, ending], { at: '2026-02-10T12:00:00Z', traits: { from: '2026-02-11' } });
    await ada.forward('30 days');
    expect(ada.runs.map(({ journey, enteredAt }) => [journey, new Date(enteredAt).getUTCDate()])).toEqual([
      ['begin', 11],
      ['dated', 22],
    ]);
  });
});

describe('a day every year', () => {
  it.each([['1990-03-01'], ['--03-01'], ['03-01'], ['1990-03-01T23:30:00+09:00']])(
    'lets the user enter in their own zone, with a year or without: %s',
    async (date) => {
      const ada = person(birthday, { birthday: date }, { timezone: 'Asia/Tokyo' });
      await ada.forward('800 days');
      expect(entered(ada)).toEqual([
        '2026-03-01T01:00:00.000Z',
        '2027-03-01T01:00:00.000Z',
        '2028-03-01T01:00:00.000Z',
      ]);
    },
  );

  it('is in UTC while the zone is unknown', async () => {
    const ada = person(birthday, { birthday: '03-01', timezone: 'nowhere' });
    await ada.forward('30 days');
    expect(entered(ada)).toEqual(['2026-03-01T10:00:00.000Z']);
  });

  it('on 29 February is the 28th in other years', async () => {
    const ada = person(birthday, { birthday: '2000-02-29' });
    await ada.forward('800 days');
    expect(entered(ada).map((time) => time.slice(0, 10))).toEqual(['2026-02-28', '2027-02-28', '2028-02-29']);
  });

  it('set on the day itself lets the user enter at once, once', async () => {
    const ada = person(birthday, {}, { at: '2026-03-01T15:00:00Z' });
    await ada.identify({ birthday: '03-01' });
    expect(entered(ada)).toEqual(['2026-03-01T15:00:00.000Z']);
    await ada.forward('1 hour');
    await ada.identify({ birthday: '1990-03-01' });
    await ada.identify({ birthday: '--03-01' });
    await ada.forward('30 days');
    expect(ada.runs).toHaveLength(1);
  });

  it('set on the next day lets the user enter a year later', async () => {
    const ada = person(birthday, {}, { at: '2026-03-02T00:30:00Z' });
    await ada.identify({ birthday: '03-01' });
    await ada.forward('400 days');
    expect(entered(ada)).toEqual(['2027-03-01T10:00:00.000Z']);
  });

  it('is spent once in the zone where it begins first', async () => {
    const ada = person(birthday, { birthday: '03-01' }, { timezone: 'Asia/Tokyo' });
    await ada.forwardTo('2026-03-01T02:00:00Z');
    await ada.identify({ timezone: 'Pacific/Honolulu' });
    await ada.forward('30 days');
    expect(entered(ada)).toEqual(['2026-03-01T01:00:00.000Z']);
  });

  it.each([['02-30'], ['13-01'], ['00-10'], ['1990'], ['1990-3-1'], [19900301]])('is none: %j', async (date) => {
    const ada = person(birthday, { birthday: date });
    await ada.forward('800 days');
    expect(ada.runs).toEqual([]);
  });

  it('that a `reenter` of a time rules out is left out without a refusal', async () => {
    const ada = person(by(yearly(trait('birthday'), { at: '10:00' }), { reenter: { after: '400 days' } }), {
      birthday: '03-01',
    });
    await ada.forward('1200 days');
    expect(entered(ada).map((time) => time.slice(0, 4))).toEqual(['2026', '2028']);
    expect(ada.decisions.filter(({ what }) => what === 'not entered')).toEqual([]);
  });
});

it('a date lets nobody enter twice with `reenter: never`, and asks for no further wake-up', async () => {
  const { host, now } = await hostOf(by(yearly(trait('birthday'), { at: '10:00' }), { reenter: 'never' }), {
    birthday: '03-01',
  });
  await host.passUntil(now + 800 * DAY);
  expect([host.runs.length, host.wakeAt]).toEqual([1, null]);
});

it('a turn that comes while the user is inside is used up', async () => {
  const long = journey('dated', { enter: yearly(trait('birthday'), { at: '10:00' }), reenter: 'always' }, (j) =>
    j.sleep('more than a year', '370 days'),
  );
  const ada = person(long, { birthday: '03-01' });
  await ada.forward('800 days');
  expect(entered(ada).map((time) => time.slice(0, 4))).toEqual(['2026', '2028']);
  expect(ada.decisions).toContainEqual(expect.objectContaining({ what: 'not entered', reason: 'already inside' }));
});

it('a user without the trait asks for no wake-up', async () => {
  const { host } = await hostOf(ending);
  expect([host.wakeAt, host.state.memory?.schedules]).toEqual([null, undefined]);
});

const TEN_HOURS_MS = 10 * 3_600_000;
const ZONES = ['Asia/Tokyo', 'Pacific/Honolulu', 'Europe/Berlin', 'Pacific/Kiritimati', 'America/New_York'];

it('whatever is rewritten and wherever the user is, each birthday lets them enter once', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          hours: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 4_000 })),
          zone: fc.constantFrom(...ZONES),
          birthday: fc.constantFrom('03-01', '--03-01', '1990-03-01'),
        }),
        { minLength: 1, maxLength: 30, size: 'max' },
      ),
      async (changes) => {
        const ada = person(birthday, { birthday: '03-01' }, { timezone: 'Europe/Berlin' });
        let zone = 'Europe/Berlin';
        // The dates that were lived at ten or later. A flight over the date line may leave out a whole day.
        const datesLived = new Set<string>();
        const live = async (hours: number): Promise<void> => {
          for (let hour = 0; hour <= hours; hour += 6) {
            const instant = ada.now + hour * 3_600_000;
            const date = localDate(instant, zone);
            if (localDate(instant - TEN_HOURS_MS, zone) === date) datesLived.add(date);
          }
          await ada.forward(`${hours} hours`);
        };
        for (const change of changes) {
          await live(change.hours);
          zone = change.zone;
          await ada.identify({ timezone: zone, birthday: change.birthday });
        }
        await live(48);
        const years = ada.runs.map(({ trigger }) => trigger.id);
        expect(new Set(years).size).toBe(years.length);
        for (const date of datesLived) if (date.endsWith('-03-01')) expect(years).toContain(`date:${date}`);
      },
    ),
    { numRuns: 40 },
  ));

it('however often a date moves, each of its instants lets the user enter at most once, and the last one that is ahead does', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 96 }), fc.integer({ min: 0, max: 400 })), { maxLength: 20 }),
      async (moves) => {
        const { host, now: begin } = await hostOf(by(at(trait('time'))));
        const expected = new Set<number>();
        let now = begin;
        let next: number | null = null;
        for (const [later, ahead] of moves) {
          const then: number = now + later * 3_600_000;
          if (next !== null && next <= then) expected.add(next);
          await host.passUntil(then);
          now = then;
          next = begin + ahead * 3_600_000;
          if (next < now) next = null;
          const traits = { time: new Date(begin + ahead * 3_600_000).toISOString() };
          host.identify(traits);
          await host.receive(IDENTIFY, traits, now);
        }
        if (next !== null) expected.add(next);
        await host.passUntil(now + 500 * 3_600_000);
        expect(host.runs.map(({ enteredAt }) => enteredAt)).toEqual([...expected]);
      },
    ),
    { numRuns: 100 },
  ));

describe('as data', () => {
  it.each<[JsonObject, Trigger]>([
    [{ kind: 'date', trait: 'time' }, at(trait('time'))],
    [{ kind: 'date', trait: 'time', before: '3 days' }, before(trait('time'), '3 days')],
    [{ kind: 'date', trait: 'time', after: '3 days' }, after(trait('time'), '3 days')],
    [{ kind: 'date', trait: 'time', yearly: { at: '10:00' } }, yearly(trait('time'), { at: '10:00' })],
  ])('%j', (enter, expected) => {
    const definition = journeyDefinition.parse({ enter, steps: [{ kind: 'exit', step: 'out' }] });
    expect(toJourney('dated', definition, new Map()).enter).toEqual(expected);
  });

  it.each([
    [{ kind: 'date' }],
    [{ kind: 'date', trait: '' }],
    [{ kind: 'date', trait: 'time', before: 'soon' }],
    [{ kind: 'date', trait: 'time', before: '3 days', after: '1 day' }],
    [{ kind: 'date', trait: 'time', yearly: { at: '25:00' } }],
  ])('%j is refused', (enter) =>
    expect(journeyDefinition.safeParse({ enter, steps: [{ kind: 'exit', step: 'out' }] }).success).toBe(false),
  );
});

it('explore enters by hand, with the traits of the example', async () => {
  const greeting = journey('dated', { enter: yearly(trait('birthday'), { at: '10:00' }) }, async (j) => {
    if (await j.check('is known', ({ user }) => user.traits['birthday'] !== undefined))
      await j.award('gift', { points: 1 });
  });
  const sources = {
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    ...unrestrained,
    traits: { birthday: '03-01' },
  };
  const { defects, paths } = await explore(greeting, { with: sources });
  expect([defects, paths]).toEqual([[], 2]);
});

function localDate(instant: number, zone: string): string {
  return dayText(dayAt(instant, zone));
}

async function hostOf(
  one: Journey,
  traits: JsonObject = {},
): Promise<{ readonly host: MemoryHost; readonly now: number }> {
  const definitions = await compile({
    journeys: [one],
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    ...unrestrained,
    traits: {},
  });
  const now = Date.parse('2026-02-10T12:00:00Z');
  const host = new MemoryHost({ id: 'ada', traits, reachable: [], createdAt: now }, definitions);
  await host.decide(now);
  return { host, now };
}
