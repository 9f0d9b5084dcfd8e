import { z } from 'zod';
import { eventFactsOf } from '../../authoring/condition';
import { fields } from '../../authoring/fields';
import type { InstantOptions, Steps } from '../../authoring/journey';
import { stepName } from '../../authoring/json-fields';
import { ANY_EVENT_NAME } from '../../model/activity';
import { isFollowed, isInstant, withExampleTime, type Time, type When } from '../../model/instant';
import type { Json } from '../../model/json';
import { aimAt } from './aim';
import { readEvents } from './read-events';
import type { StepCall, StepForm, StepType } from './step-type';
import { waitUntil } from './waiting';
import { whenForm, whenOf, type WhenForm } from './when-form';

/**
 * Waits for an instant, or for a time of the local calendar.
 * @throws {TypeError} when a time, a day, a zone or a duration is not one
 */
function sleepUntil(when: When, { ifPast = 'now' }: InstantOptions): StepCall<boolean> {
  const aim = aimAt(when);
  const { text, reason, dependsOn } = aim;
  const maySkip = isInstant(when) && ifPast === 'skip';
  return {
    kind: 'sleepUntil',
    text,
    dependsOn,
    progress(context, record) {
      const { isOver, ...aimed } = aim.at(context, record);
      const progress = waitUntil(context, { reason, ...aimed, awaits: aimed.follows ? [ANY_EVENT_NAME] : [] });
      if (!('done' in progress) || !maySkip || !isOver) return progress;
      return { done: { outcome: false, reason: `${reason}, which was over` } };
    },
    ...(maySkip && {
      branches: () => [
        [IN_TIME, null],
        [PAST, false],
      ],
    }),
    skip: () => ({ outcome: null }),
    // Only an instant that was over leaves another outcome than null.
    answer: (outcome) => outcome !== false,
  };
}

/** The outcomes of an instant that is skipped if it is past. */
const IN_TIME = 'in time';
const PAST = 'past';

export interface SleepUntilForm extends StepForm {
  readonly kind: 'sleepUntil';
  readonly when: WhenForm;
  readonly ifPast?: 'now' | 'skip';
  readonly then?: readonly StepForm[];
  readonly otherwise?: readonly StepForm[];
}

export const SLEEP_UNTIL: StepType<'sleepUntil', SleepUntilForm> = {
  kind: 'sleepUntil',
  // What the code gets for a time of the calendar is of no use, so its type has nothing.
  bind: (perform) =>
    ((step: string, when: When, options: InstantOptions = {}) =>
      perform(step, () => sleepUntil(when, options))) as Steps<never>['sleepUntil'],
  figure: null,
  takesTime: true,
  label: ({ outcome }, chosen) => (outcome === false ? PAST : (chosen?.label ?? '')),
  steer: (j, pilot) =>
    (async (step: string, said: When, options: InstantOptions = {}) => {
      pilot.notes.endsAt(step, said);
      const when = withExampleTime(said);
      // The example user may not have the trait. Its time comes at once.
      if (isFollowed(when) && options.ifPast !== 'skip') return j.sleepUntil(step, new Date(0));
      if (!isInstant(when) || options.ifPast !== 'skip') return j.sleepUntil(step, when as Time, options);
      // The example's instant may be long past. Then it comes at once.
      if (pilot.choose(step, [IN_TIME, PAST]) === IN_TIME)
        return j.sleepUntil(step, isFollowed(when) ? new Date(0) : when, { ifPast: 'now' });
      return j.sleepUntil(step, new Date(0), { ifPast: 'skip' });
    }) as Steps<never>['sleepUntil'],
  json: {
    schema: (steps) =>
      fields({
        kind: z.literal('sleepUntil').meta({ description: 'Waits for an instant, or for a time of the calendar' }),
        step: stepName,
        when: whenForm.meta({
          description:
            'A time or hours of the local calendar, an instant in ISO 8601, its place in an event or in a trait, or a span before or after an instant',
        }),
        ifPast: z.enum(['now', 'skip']).exactOptional().meta({
          description:
            'What to do if the instant is over when the step is reached. `now`: go on as if it had come. `skip`: go on with `otherwise`. Default: `now`',
        }),
        then: steps.exactOptional().meta({ description: 'The steps when the time has come' }),
        otherwise: steps.exactOptional().meta({ description: 'The steps if the instant was over and is skipped' }),
      }),
    async play({ step, when, ifPast = 'now', then = [], otherwise = [] }, j, { waits }) {
      // A time of the calendar takes no notice of the options.
      const came = await j.sleepUntil(step, whenOf(when, readEvents(j, waits)) as Time, { ifPast });
      return came ? then : otherwise;
    },
    reads: ({ when }) => eventFactsOf(when as Json, ['when']),
    branches: ({ then = [], otherwise = [] }) => [
      { steps: then, path: ['then'] },
      { steps: otherwise, path: ['otherwise'] },
    ],
  },
};
