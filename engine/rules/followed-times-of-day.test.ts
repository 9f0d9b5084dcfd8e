import fc from 'fast-check';
import { journey } from '../authoring/journey';
import { explore } from '../explore';
import { journeyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import { trait } from '../model/trait-time';
import { nextLocal, type LocalTime } from '../model/zone';
import { projectCreated, signedUp, unrestrained } from '../testing/properties/catalogue';
import { traveller, type Traveller } from '../testing/traveller';

/** Waits for a time of the calendar whose time of day is in a trait; see `docs/semantics.md`. */

const WEEKDAYS = [1, 2, 3, 4, 5] as const;

const course = journey('course', { enter: signedUp }, async (j) => {
  await j.sleepUntil('their time', { at: trait('lessonTime'), weekdays: WEEKDAYS });
  await j.send('lesson', { email: 'lesson' });
});

/** A person who signs up on a Friday at noon. */
async function signUp(traits: Record<string, string>, entered = course): Promise<Traveller> {
  const ada = traveller(entered, { traits, with: unrestrained, at: '2026-01-09T12:00:00Z' });
  await ada.track(signedUp, { plan: 'free' });
  return ada;
}

const sentAt = (ada: Traveller): string[] => ada.messages.map(({ decidedAt }) => new Date(decidedAt).toISOString());

test('the time of day in the trait is waited for on one of the days, by the clock of the user', async () => {
  const ada = await signUp({ lessonTime: '07:30', timezone: 'Europe/Berlin' });
  await ada.forward('9 days');
  expect(sentAt(ada)).toEqual(['2026-01-12T06:30:00.000Z']);
  expect(ada.why('their time')).toContain('Mon, Tue, Wed, Thu, Fri the trait lessonTime');
});

test('a time that changes is followed, counted from the start of the wait', async () => {
  for (const [lessonTime, at] of [
    ['18:00', '2026-01-09T18:00:00.000Z'],
    ['12:30', '2026-01-09T13:00:00.000Z'], // over when it is set: at once
    ['11:00', '2026-01-12T11:00:00.000Z'],
  ] as const) {
    const ada = await signUp({ lessonTime: '07:30' });
    await ada.forward('1 hour');
    await ada.identify({ lessonTime });
    await ada.forward('9 days');
    expect(sentAt(ada)).toEqual([at]);
  }
});

test('a trait that is missing or no time of day is waited for', async () => {
  for (const traits of [{}, { lessonTime: 'early' }, { lessonTime: '2026-01-10T09:00:00Z' }] as Record<
    string,
    string
  >[]) {
    const ada = await signUp(traits);
    await ada.forward('9 days');
    await ada.track(projectCreated, { name: 'Engine' });
    expect(ada.journal).toMatchObject([{ status: 'waiting', until: null, follows: { time: null, ofDay: true } }]);
    await ada.identify({ lessonTime: '09:00' });
    expect(sentAt(ada)).toEqual([new Date(ada.now).toISOString()]);
  }
});

test('it can end a wait for an event', async () => {
  const nudged = journey('nudged', { enter: signedUp }, async (j) => {
    if (!(await j.waitFor('project', projectCreated, { until: { at: trait('lessonTime') } })))
      await j.send('lesson', { email: 'lesson' });
  });
  const ada = await signUp({ lessonTime: '15:00' }, nudged);
  await ada.identify({ lessonTime: '16:00' });
  await ada.forward('9 days');
  expect(sentAt(ada)).toEqual(['2026-01-09T16:00:00.000Z']);
});

test('an edit from a fixed time to the trait keeps the start, and so does one back', async () => {
  const fixed = journey('course', { enter: signedUp }, async (j) => {
    await j.sleepUntil('their time', { at: '15:00' });
    await j.send('lesson', { email: 'lesson' });
  });
  for (const [before, after, at] of [
    [fixed, course, '2026-01-09T14:00:00.000Z'],
    [course, fixed, '2026-01-09T15:00:00.000Z'],
  ] as const) {
    const ada = await signUp({ lessonTime: '14:00' }, before);
    await ada.forward('1 hour');
    await ada.deploy(after);
    await ada.forward('9 days');
    expect(sentAt(ada)).toEqual([at]);
  }
});

test('explore passes it, and takes nine for the time of day', async () => {
  const { defects, paths } = await explore(course);
  expect([defects, paths]).toEqual([[], 1]);
});

test('a journey made of data has it too', async () => {
  const definition = journeyDefinition.parse({
    enter: { kind: 'event', event: 'Signed Up' },
    steps: [
      { kind: 'sleepUntil', step: 'their time', when: { at: { trait: 'lessonTime' }, weekdays: [1, 2, 3, 4, 5] } },
      { kind: 'send', step: 'lesson', messages: [{ channel: 'email', template: 'lesson' }] },
    ],
  });
  const stored = toJourney('course', definition, new Map([[signedUp.name, signedUp]]));
  const ada = await signUp({ lessonTime: '07:30' }, stored);
  await ada.forward('9 days');
  expect(sentAt(ada)).toEqual(['2026-01-12T07:30:00.000Z']);
  expect(
    journeyDefinition.safeParse({ ...definition, steps: [{ kind: 'sleepUntil', step: 'a', when: { at: {} } }] })
      .success,
  ).toBe(false);
});

const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Pacific/Honolulu'];
const times = fc.constantFrom<LocalTime['at'] | 'never'>(
  '00:00',
  '02:30',
  '7:05',
  '09:00',
  '12:00',
  '18:45',
  '23:59',
  'never',
);

/** It is decided anew at each change: at the next such time after the start of the wait, or now if that is over. */
test('whatever changes of the time and of the zone: the wait ends once, as the last of both says', () =>
  fc.assert(
    fc.asyncProperty(
      times,
      fc.array(
        fc.record(
          { after: fc.integer({ min: 1, max: 40 * 3_600 }), lessonTime: times, timezone: fc.constantFrom(...ZONES) },
          { requiredKeys: ['after'] },
        ),
        { maxLength: 6 },
      ),
      async (first, changes) => {
        const ada = await signUp({ lessonTime: first, timezone: 'Europe/Berlin' });
        const start = ada.now;
        let [at, zone] = [first, 'Europe/Berlin'];
        const dueBy = (): number => (at === 'never' ? Infinity : nextLocal({ at, weekdays: WEEKDAYS }, zone, start));
        let due = dueBy();
        for (const { after, lessonTime, timezone } of changes) {
          await ada.forward(`${after} seconds`);
          if (due <= ada.now) break;
          const traits = { ...(lessonTime && { lessonTime }), ...(timezone && { timezone }) };
          await ada.identify(traits);
          [at, zone] = [lessonTime ?? at, timezone ?? zone];
          due = Math.max(dueBy(), ada.now);
        }
        await ada.forward('9 days');
        expect(ada.messages.map(({ decidedAt }) => decidedAt)).toEqual(due === Infinity ? [] : [due]);
      },
    ),
  ));
