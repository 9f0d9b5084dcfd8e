import { z } from 'zod';
import { stepName, timeOfDay } from '../../authoring/json-fields';
import { nextLocal, parseTime, zoneOf, type LocalTime } from '../../model/zone';
import { SILENT, type StepCall, type StepForm, type StepType } from './step-type';
import { deadline, waitUntil } from './waiting';

/**
 * Waits for a time of the user's local calendar.
 * @throws {TypeError} when `at` is not a time of day
 */
function sleepUntil(when: LocalTime): StepCall<void> {
  parseTime(when.at);
  return {
    kind: 'sleepUntil',
    text: when.at,
    progress(context, record) {
      const zone = zoneOf(context.draft.traits);
      const until = deadline(context, record, nextLocal(when, zone, record.enteredAt));
      // Temporal shows reasons too. The zone belongs to the user, so it is a fact and not part of the reason.
      return waitUntil(context, { until, reason: describe(when), facts: { zone }, zone });
    },
    ...SILENT,
  };
}

function describe({ weekday, at }: LocalTime): string {
  return weekday === undefined ? at : `${['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][weekday - 1] ?? ''} ${at}`;
}

export interface SleepUntilForm extends StepForm {
  readonly kind: 'sleepUntil';
  readonly when: LocalTime;
}

export const SLEEP_UNTIL: StepType<'sleepUntil', SleepUntilForm> = {
  kind: 'sleepUntil',
  bind: (perform) => (step, when) => perform(step, () => sleepUntil(when)),
  figure: null,
  json: {
    schema: () =>
      z.strictObject({
        kind: z.literal('sleepUntil'),
        step: stepName,
        when: z.strictObject({
          weekday: z.literal([1, 2, 3, 4, 5, 6, 7]).exactOptional(),
          at: timeOfDay.meta({ type: 'string', examples: ['09:00'] }),
        }),
      }),
    async play({ step, when }, j) {
      await j.sleepUntil(step, when);
      return [];
    },
  },
};
