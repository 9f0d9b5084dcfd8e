import { journey } from 'sojourn';
import { templatesIn, traveller, type Traveller, type TravellerOptions } from 'sojourn/testing';
import { coursePaused, courseStarted, lessonOpened } from '../events';
import policy from '../policy';
import course from './journey';

const traits = { firstName: 'Ada', lessonTime: '18:00' };

/** A person who starts the course on Monday, 5 January, at noon, with lessons at 18:00. */
async function started(options: TravellerOptions = {}): Promise<Traveller> {
  const ada = traveller(course, { with: { policy }, traits, ...options });
  await ada.track(courseStarted, {});
  return ada;
}

/** Lets time pass until a moment, and opens the latest lesson. */
async function opens(ada: Traveller, moment: string): Promise<void> {
  await ada.forwardTo(moment);
  await ada.track(lessonOpened, { lesson: ada.messages.at(-1)?.step ?? '' });
}

const lessons = (ada: Traveller): string[] =>
  ada.messages.map(({ step, decidedAt }) => `${new Date(decidedAt).toISOString().slice(5, 16)} ${step}`);

test('a lesson each weekday at the chosen time, each after the last was opened; none at the weekend', async () => {
  const ada = await started({ at: '2026-01-08T12:00:00Z' }); // a Thursday
  for (const day of ['08', '09', '12', '13']) await opens(ada, `2026-01-${day}T20:00:00Z`);
  expect(lessons(ada)).toEqual([
    '01-08T18:00 first-steps',
    '01-09T18:00 names',
    '01-12T18:00 loops',
    '01-13T18:00 functions',
    '01-13T20:00 certificate',
  ]);
});

test('a lesson that is not opened holds the next one for two days', async () => {
  const ada = await started();
  await ada.forwardTo('2026-01-09T00:00:00Z');
  expect(lessons(ada)).toEqual(['01-05T18:00 first-steps', '01-07T18:00 names']);
});

test('the certificate has the date and the name', async () => {
  const ada = await started({ templates: templatesIn('examples') });
  await ada.forward('30 days');
  expect(ada.mailbox.at(-1)).toMatchObject({ subject: 'Your certificate' });
  expect(ada.mailbox.at(-1)?.text).toContain('Ada has finished the course on January 14, 2026.');
});

test('time changed in the middle: the next lesson comes at the new time, also if it was awaited already', async () => {
  const ada = await started();
  await opens(ada, '2026-01-05T19:00:00Z');
  await ada.forwardTo('2026-01-06T06:00:00Z');
  await ada.identify({ lessonTime: '08:30' });
  await opens(ada, '2026-01-06T17:00:00Z');
  expect(lessons(ada)).toEqual(['01-05T18:00 first-steps', '01-06T08:30 names']);
  await ada.forwardTo('2026-01-07T20:00:00Z');
  expect(lessons(ada).at(-1)).toBe('01-07T08:30 loops');
});

test('a pause: the next lesson comes a week later', async () => {
  for (const paused of ['2026-01-05T19:30:00Z', '2026-01-05T18:30:00Z']) {
    const ada = await started();
    await ada.forwardTo('2026-01-05T18:30:00Z');
    if (paused < '2026-01-05T19:00:00Z') await ada.track(coursePaused, {}); // before the lesson is opened
    await opens(ada, '2026-01-05T19:00:00Z');
    await ada.forwardTo('2026-01-05T19:30:00Z');
    if (paused > '2026-01-05T19:00:00Z') await ada.track(coursePaused, {});
    await opens(ada, '2026-01-13T20:00:00Z');
    expect(lessons(ada)).toEqual(['01-05T18:00 first-steps', '01-13T18:00 names']);
  }
});

test('a lesson inserted ahead is sent in its place, and one behind is not', async () => {
  const edited = journey('course', { enter: courseStarted }, async (j) => {
    for (const lesson of ['welcome', 'first-steps', 'names', 'loops', 'lists']) {
      await j.sleepUntil(`time of ${lesson}`, { at: '18:00', weekdays: [1, 2, 3, 4, 5] });
      await j.send(lesson, { email: lesson });
      await j.waitFor(`${lesson} opened`, lessonOpened.where({ lesson }), { within: '2 days' });
    }
  });
  const ada = await started();
  await opens(ada, '2026-01-05T19:00:00Z');
  await opens(ada, '2026-01-06T19:00:00Z');
  await ada.deploy(edited);
  for (const day of ['07', '08', '09']) await opens(ada, `2026-01-${day}T19:00:00Z`);
  expect(lessons(ada)).toEqual([
    '01-05T18:00 first-steps',
    '01-06T18:00 names',
    '01-07T18:00 loops',
    '01-08T18:00 lists',
  ]);
});
