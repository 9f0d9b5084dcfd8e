import { z } from 'zod';
import { fields } from '../../authoring/fields';
import { duration, stepName } from '../../authoring/json-fields';
import { toMs, type Duration } from '../../model/duration';
import { SILENT, type StepCall, type StepForm, type StepType } from './step-type';
import { deadline, waitUntil } from './waiting';

/**
 * Waits for a span of elapsed time.
 * @throws {TypeError} when the span is not a duration
 */
function sleep(span: Duration): StepCall<void> {
  const ms = toMs(span);
  return {
    kind: 'sleep',
    text: span,
    progress: (context, record) =>
      waitUntil(context, { until: deadline(context, record, record.enteredAt + ms), reason: span }),
    ...SILENT,
  };
}

export interface SleepForm extends StepForm {
  readonly kind: 'sleep';
  readonly duration: Duration;
}

export const SLEEP: StepType<'sleep', SleepForm> = {
  kind: 'sleep',
  bind: (perform) => (step, span) => perform(step, () => sleep(span)),
  doing: 'sleeps',
  figure: null,
  takesTime: true,
  json: {
    schema: () =>
      fields({
        kind: z.literal('sleep').meta({ description: 'Waits for a span of time' }),
        step: stepName,
        duration: duration.meta({ description: 'How long to wait' }),
      }),
    async play(form, j) {
      await j.sleep(form.step, form.duration);
      return [];
    },
  },
};
