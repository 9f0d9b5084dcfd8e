import { journey, trait } from 'sojourn';
import { coursePaused, courseStarted, lessonOpened } from '../events';

/** The lessons, each with a template of its name. */
const LESSONS = ['first-steps', 'names', 'loops', 'functions'];
/** It ends before the chosen time comes on the second day, also if the clocks change. */
const TWO_DAYS = '36 hours';
/** Weekdays, at the time that the person chose. */
const CHOSEN = { at: trait('lessonTime'), weekdays: [1, 2, 3, 4, 5] } as const;

/**
 * A lesson each weekday at the time they chose; the next one only when the last was opened or two days have passed. At the end a
 * certificate with date and name. Who pauses goes on a week later.
 */
export default journey('course', { enter: courseStarted, budget: { messages: 5, within: '30 days' } }, async (j) => {
  for (const lesson of LESSONS) {
    const pause = await j.waitFor(`time of ${lesson}`, coursePaused, { until: CHOSEN });
    if (pause) {
      await j.sleepUntil(`a week before ${lesson}`, { after: new Date(pause.at), by: '7 days' });
      await j.sleepUntil(`time of ${lesson} after the pause`, CHOSEN);
    }
    await j.send(lesson, { email: lesson });
    await j.waitFor(`${lesson} opened`, lessonOpened.where({ lesson }), { within: TWO_DAYS });
  }
  const date = await j.pick('day of the certificate', ({ local }) => local.date);
  await j.send('certificate', { email: 'certificate' }, { data: { date } });
});
