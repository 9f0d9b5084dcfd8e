import fc from 'fast-check';
import { z } from 'zod';
import { event, type OccurrenceOf } from '../authoring/event';
import { journey, type Journey, type Steps } from '../authoring/journey';
import { explore } from '../explore';
import { journeyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import type { Duration } from '../model/duration';
import { policy } from '../policy/define';
import { unrestrained } from '../testing/properties/catalogue';
import { traveller, type Traveller } from '../testing/traveller';

/** Rule 3, for waits that are pinned to an instant or to the calendar; see `docs/semantics.md`. */

const booked = event('Booked', z.object({ id: z.string(), startsAt: z.string() }), {
  id: 'a-1',
  startsAt: '2026-01-08T15:00:00Z',
});
const cancelled = event('Cancelled', z.object({ id: z.string() }), { id: 'a-1' });

const REMINDERS: readonly (readonly [string, Duration])[] = [
  ['a day', '24 hours'],
  ['an hour', '1 hour'],
];
const appointment = journey(
  'appointment',
  {
    enter: booked,
    key: ({ properties }) => (typeof properties['id'] === 'string' ? properties['id'] : undefined),
    exit: [cancelled],
    transactional: true,
  },
  async (j) => {
    for (const [name, by] of REMINDERS)
      if (await j.sleepUntil(`${name} before`, { before: j.event.properties.startsAt, by }, { ifPast: 'skip' }))
        await j.send(name, { email: 'reminder' });
  },
);

/** A Monday noon, UTC. */
const NOON = '2026-01-05T12:00:00Z';
const NOT_A_TIME = /^Not a time\. Expected/;

const sentAt = (ada: Traveller): Record<string, string> =>
  Object.fromEntries(ada.messages.map(({ step, decidedAt }) => [step, new Date(decidedAt).toISOString()]));

describe('an instant', () => {
  it('comes exactly when it says', async () => {
    const ada = traveller(appointment);
    await ada.track(booked, { id: 'a-1', startsAt: '2026-01-08T15:00:07.250Z' });
    await ada.forward('5 days');
    expect(sentAt(ada)).toEqual({ 'a day': '2026-01-07T15:00:07.250Z', 'an hour': '2026-01-08T14:00:07.250Z' });
  });

  it('that is over already is skipped, if the step says so', async () => {
    const ada = traveller(appointment);
    await ada.track(booked, { id: 'a-1', startsAt: '2026-01-05T15:00:00Z' });
    await ada.track(booked, { id: 'a-2', startsAt: '2026-01-05T12:30:00Z' });
    await ada.forward('5 days');
    expect(sentAt(ada)).toEqual({ 'an hour': '2026-01-05T14:00:00.000Z' });
    expect(ada.runs.flatMap(({ journal }) => journal.map(({ outcome, reason }) => [outcome, reason]))).toContainEqual([
      false,
      '1 hour before an instant, which was over',
    ]);
  });

  it('that is over already lets the run go on, unless the step says otherwise', async () => {
    let came: unknown;
    const patient = journey('patient', { enter: booked }, async (j) => {
      came = await j.sleepUntil('start', j.event.properties.startsAt);
      await j.award('started', { points: 1 });
    });
    const ada = traveller(patient);
    await ada.track(booked, { id: 'a-1', startsAt: '2020-01-01' });
    expect([came, ada.profile.points]).toEqual([true, 1]);
  });

  it('is not moved by a message that is held overnight before it', async () => {
    const evening = journey('evening', { enter: booked }, async (j) => {
      await j.send('thanks', { email: 'thanks' });
      await j.sleepUntil('later', { after: new Date(j.event.at), by: '24 hours' });
      await j.award('a day after', { points: 1 });
    });
    const ada = traveller(evening, { at: '2026-01-05T23:00:00Z', with: { policy: policy() } });
    await ada.track(booked, { id: 'a-1', startsAt: NOON });
    expect(ada.held).toHaveLength(1);
    await ada.forwardTo('2026-01-06T22:59:59Z');
    expect(ada.messages).toHaveLength(1);
    expect(ada.profile.points).toBe(0);
    await ada.forward('1 second');
    expect(ada.profile.points).toBe(1);
  });

  it('that is no time parks the run, and the error does not repeat what was sent', async () => {
    for (const startsAt of ['tomorrow', '', 'ada@example.com']) {
      const ada = traveller(appointment);
      await ada.track(booked, { id: 'a-1', startsAt });
      expect(ada.runs).toMatchObject([
        { status: 'failed', failure: { step: 'a day before', error: expect.stringMatching(NOT_A_TIME) } },
      ]);
      if (startsAt !== '') expect(JSON.stringify(ada.runs[0]?.failure)).not.toContain(startsAt);
    }
  });

  it.each<[string, unknown]>([
    ['no property', undefined],
    ['null', null],
    ['a number', 5],
    ['before null', { before: null, by: '1 hour' }],
    ['after nothing', { after: undefined, by: '1 hour' }],
  ])('that is %s parks the run, in a sleep and in a wait', async (_, when) => {
    const waits: readonly ((j: Steps<OccurrenceOf<typeof booked>>) => Promise<void>)[] = [
      (j) => j.sleepUntil('then', when as Date).then(() => undefined),
      (j) => j.sleepUntil('then', when as Date, { ifPast: 'skip' }).then(() => undefined),
      (j) => j.waitFor('then', cancelled, { until: (when ?? null) as Date }).then(() => undefined),
    ];
    for (const run of waits) {
      const ada = traveller(journey('waiting', { enter: booked }, run));
      await ada.track(booked, { id: 'a-1', startsAt: NOON });
      expect(ada.runs).toMatchObject([{ failure: { step: 'then', error: expect.stringMatching(NOT_A_TIME) } }]);
    }
  });

  it('at 500 appointments, an hour before is exact to the second, and nothing is sent that lies behind', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 * 86_400 }), fc.integer({ min: 0, max: 999 }), async (s, ms) => {
        const starts = Date.parse(NOON) + s * 1_000 + ms;
        const ada = traveller(appointment, { with: unrestrained, timezone: 'Europe/Berlin' });
        await ada.track(booked, { id: 'a-1', startsAt: new Date(starts).toISOString() });
        await ada.forward('9 days');
        const due = [starts - 86_400_000, starts - 3_600_000].filter((at) => at >= Date.parse(NOON));
        expect(ada.messages.map(({ decidedAt }) => decidedAt)).toEqual(due);
      }),
      { numRuns: 500 },
    ));
});

describe('an edit of an instant', () => {
  const until = (when: string): Journey =>
    journey('until', { enter: booked }, async (j) => {
      await j.sleepUntil('then', when);
      await j.award('there', { points: 1 });
    });
  const entered = async (): Promise<Traveller> => {
    const ada = traveller(until('2026-01-09T12:00:00Z'));
    await ada.track(booked, { id: 'a-1', startsAt: NOON });
    await ada.forward('2 days');
    return ada;
  };

  it('that is still ahead moves the wait', async () => {
    const ada = await entered();
    await ada.deploy(until('2026-01-08T12:00:00Z'));
    expect(ada.journal).toMatchObject([{ until: Date.parse('2026-01-08T12:00:00Z') }]);
  });

  it('that is past ends the wait now, not retroactively', async () => {
    const ada = await entered();
    await ada.deploy(until('2026-01-06T12:00:00Z'));
    expect(ada.journal[0]).toMatchObject({ status: 'done', at: ada.now });
  });
});

describe('the calendar', () => {
  const at = async (
    when: Parameters<Parameters<Journey['run']>[0]['sleepUntil']>[1],
    from: string,
    timezone = 'UTC',
  ) => {
    const waiting = journey('waiting', { enter: booked }, (j) =>
      j.sleepUntil('then', when as unknown as { at: '09:00' }),
    );
    const ada = traveller(waiting, { at: from, timezone });
    await ada.track(booked, { id: 'a-1', startsAt: NOON });
    await ada.forward('70 days');
    return new Date(ada.journal[0]?.at ?? 0).toISOString();
  };

  it('has several weekdays, and days of the month', async () => {
    expect(await at({ at: '09:00', weekdays: [2, 4] }, NOON)).toBe('2026-01-06T09:00:00.000Z');
    expect(await at({ at: '09:00', weekdays: [1, 4] }, NOON)).toBe('2026-01-08T09:00:00.000Z');
    expect(await at({ at: '09:00', day: 1 }, NOON)).toBe('2026-02-01T09:00:00.000Z');
    expect(await at({ at: '09:00', day: 31 }, '2026-01-31T10:00:00Z')).toBe('2026-02-28T09:00:00.000Z');
  });

  it('has hours: within them the run goes on at once, otherwise when they begin', async () => {
    const working = { between: ['09:00', '18:00'], weekdays: [1, 2, 3, 4, 5] } as const;
    expect(await at(working, NOON)).toBe('2026-01-05T12:00:00.000Z');
    expect(await at(working, '2026-01-05T18:00:00Z')).toBe('2026-01-06T09:00:00.000Z');
    expect(await at(working, '2026-01-10T12:00:00Z')).toBe('2026-01-12T09:00:00.000Z');
    expect(await at({ between: ['22:00', '06:00'] }, '2026-01-06T05:59:00Z')).toBe('2026-01-06T05:59:00.000Z');
    expect(await at({ between: ['22:00', '06:00'], weekdays: [2] }, '2026-01-06T05:00:00Z')).toBe(
      '2026-01-06T22:00:00.000Z',
    );
  });

  it('is that of the zone it names, whatever the zone of the user is', async () => {
    expect(await at({ at: '09:00', zone: 'Europe/Berlin' }, NOON, 'Asia/Tokyo')).toBe('2026-01-06T08:00:00.000Z');
    expect(await at({ at: '09:00' }, NOON, 'Asia/Tokyo')).toBe('2026-01-06T00:00:00.000Z');
  });

  it.each([
    [{ at: '09:00', weekdays: [] }, 'No weekday in `weekdays`. Expected at least one, 1 (Monday) to 7 (Sunday).'],
    [{ at: '09:00', weekday: 1, weekdays: [2] }, 'Expected `weekday` or `weekdays`, not both.'],
    [{ at: '09:00', weekday: 8 }, 'Not a weekday: 8.'],
    [{ between: ['09:00', '18:00'], day: 1 }, 'Expected `between` or `day`, not both.'],
    [{ between: ['09:00', '18:00'], weekday: 1 }, 'Expected `between` or `weekday`, not both.'],
    [{ before: NOON, after: NOON, by: '1 hour' }, 'Expected `before` or `after`, not both.'],
    [{ before: NOON }, "Expected how long before or after the instant: `by`, such as '24 hours'."],
    [1_767_614_400_000, "Not a time. Expected a Date, ISO 8601, such as '2026-03-01T09:00:00Z', or"],
    [undefined, 'Not a time. Expected'],
    [{ at: '09:00', day: 0 }, 'Not a day of the month'],
    [{ at: '09:00', zone: 'Mars/North' }, 'Not a time zone'],
    [{ between: ['09:00', '25:00'] }, 'Not a time of day'],
  ] as const)('refuses %j', async (when, error) => {
    const waiting = journey('waiting', { enter: booked }, (j) => j.sleepUntil('then', when as { at: '09:00' }));
    const ada = traveller(waiting);
    await ada.track(booked, { id: 'a-1', startsAt: NOON });
    expect(ada.runs).toMatchObject([{ status: 'failed', reason: expect.stringContaining(error) }]);
  });
});

describe('explore', () => {
  it('walks an instant that may be skipped both ways, wherever the example lies', async () => {
    const { paths, defects, tree } = await explore(appointment);
    expect({ paths: paths - tree.length, defects }).toEqual({ paths: paths - tree.length, defects: [] });
    const text = JSON.stringify(tree);
    expect(text).toContain('in time');
    expect(text).toContain('past');
  });

  it('walks any other instant one way', async () => {
    const one = journey('one', { enter: booked }, async (j) => {
      await j.sleepUntil('then', { after: j.event.properties.startsAt, by: '1 hour' });
    });
    expect(await explore(one)).toMatchObject({ paths: 1, defects: [] });
  });
});

it('a journey made of data reads the instant from the entering event or from that of a wait', async () => {
  const catalogue = new Map([booked, cancelled].map((one) => [one.name, one]));
  const award = { kind: 'award', step: 'in time', points: 1 };
  const definition = (change: object): Journey =>
    toJourney(
      'defined',
      journeyDefinition.parse({
        enter: { kind: 'event', event: 'Booked' },
        steps: [{ kind: 'sleepUntil', step: 'then', ifPast: 'skip', then: [award], ...change }],
      }),
      catalogue,
    );
  const before = { before: { var: 'entered.properties.startsAt' }, by: '1 hour' };
  const ada = traveller(definition({ when: before, otherwise: [{ kind: 'award', step: 'late', points: 10 }] }));
  await ada.track(booked, { id: 'a-1', startsAt: '2026-01-05T14:00:00Z' });
  expect(ada.journal).toMatchObject([{ until: Date.parse('2026-01-05T13:00:00Z') }]);
  await ada.forward('1 hour');
  expect(ada.profile.points).toBe(1);
  const late = traveller(definition({ when: before, otherwise: [{ kind: 'award', step: 'late', points: 10 }] }));
  await late.track(booked, { id: 'a-1', startsAt: '2026-01-05T12:30:00Z' });
  expect(late.profile.points).toBe(10);
  expect(() => definition({ when: { var: 'user.traits.startsAt' } })).toThrow('must be a property of an event');
});

it.each<[string, object]>([
  ['of a sleep', { kind: 'sleepUntil', when: { var: 'entered.properties.endsAt' } }],
  [
    'before which a sleep ends',
    { kind: 'sleepUntil', when: { before: { var: 'entered.properties.endsAt' }, by: '1 hour' } },
  ],
  [
    'after which a sleep ends',
    { kind: 'sleepUntil', when: { after: { var: 'entered.properties.endsAt' }, by: '1 hour' } },
  ],
  ['of a sleep that may skip', { kind: 'sleepUntil', ifPast: 'skip', when: { var: 'entered.properties.endsAt' } }],
  ['of a wait', { kind: 'waitFor', events: ['Cancelled'], until: { var: 'entered.properties.endsAt' } }],
])('a journey made of data parks its run if the instant %s is missing, and says what was expected', async (_, step) => {
  const enter = { kind: 'event', event: 'Booked' };
  const parsed = journeyDefinition.parse({ enter, steps: [{ step: 'then', ...step }] });
  const ada = traveller(toJourney('defined', parsed, new Map([booked, cancelled].map((one) => [one.name, one]))));
  await ada.track(booked, { id: 'a-1', startsAt: NOON });
  expect(ada.runs).toMatchObject([{ status: 'failed', failure: { error: expect.stringMatching(NOT_A_TIME) } }]);
});
