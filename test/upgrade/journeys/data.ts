import type { JsonObject } from '../../../engine/model/json';

const mail = (step: string): JsonObject => ({
  kind: 'send',
  step,
  messages: [{ channel: 'email', template: step.replaceAll(' ', '-') }],
});

const course = (...steps: JsonObject[]): JsonObject => ({
  enter: { kind: 'event', event: 'Course Started' },
  reenter: 'always',
  exit: ['Account Deleted'],
  steps,
});
const lesson = { kind: 'waitFor', step: 'lesson', events: ['Lesson Done'], within: '6 days', then: [mail('praise')] };
const pause = { kind: 'sleep', step: 'a pause', duration: '3 days' };

/** The versions of `course`, oldest first. At the second, users inside finish on the first. At the third, they move on to it. */
export const COURSE: readonly JsonObject[] = [
  course(mail('lesson one'), pause, lesson, mail('end of the old course')),
  { ...course(mail('lesson one'), pause, { ...lesson, within: '4 days' }, mail('end')), version: 'finish' },
  course(mail('lesson one'), { kind: 'award', step: 'enrolled', points: 1 }, pause, lesson, mail('the end')),
];

/** Paused while users are inside. */
export const SURVEY: JsonObject = {
  enter: { kind: 'event', event: 'Survey Opened' },
  steps: [
    { kind: 'waitFor', step: 'answers', events: ['Lesson Done', 'Project Created'], within: '2 days' },
    {
      kind: 'experiment',
      step: 'thanks',
      variants: [
        { name: 'points', weight: 1, steps: [{ kind: 'award', step: 'points', points: 5 }] },
        { name: 'mail', weight: 1, steps: [mail('thank you')] },
      ],
    },
    { kind: 'check', step: 'is rich', if: { '>=': [{ var: 'user.points' }, 10] }, then: [mail('rich')] },
  ],
};

/** Never published. */
export const DRAFT: JsonObject = { enter: { kind: 'event', event: 'Lesson Done' }, steps: [mail('draft')] };

/** Published, then archived. */
export const ARCHIVED: JsonObject = { enter: { kind: 'manual' }, steps: [mail('long ago')] };
