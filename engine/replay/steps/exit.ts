import { z } from 'zod';
import { fields } from '../../authoring/fields';
import type { ExitOptions } from '../../authoring/journey';
import { name, stepName } from '../../authoring/json-fields';
import { instant, type StepCall, type StepForm, type StepType } from './step-type';

/**
 * Ends the run, so that the code after it does not run. An exit that an edit put behind the user's position is skipped like any
 * other step, and the code after it runs.
 */
function exit(reason: string, uncounted: boolean): StepCall<never> {
  const call = {
    kind: 'exit',
    text: uncounted ? `${reason}, not counted` : reason,
    ends: true,
    skip: () => ({ outcome: null }),
    answer: () => undefined as never,
  } satisfies Omit<StepCall<never>, 'progress'>;
  return instant(call, () => ({ outcome: reason, reason, ...(uncounted && { uncounted }) }));
}

export interface ExitForm extends StepForm, ExitOptions {
  readonly kind: 'exit';
}

export const EXIT: StepType<'exit', ExitForm> = {
  kind: 'exit',
  bind: (perform) => (step, given) =>
    perform(step, () => {
      const { reason = step, uncounted = false }: ExitOptions =
        typeof given === 'string' ? { reason: given } : (given ?? {});
      return exit(reason, uncounted);
    }),
  figure: 'reason',
  json: {
    schema: () =>
      fields({
        kind: z.literal('exit').meta({ description: 'Ends the run' }),
        step: stepName,
        reason: name.exactOptional().meta({
          description:
            'Why, for people. It shows in the Temporal UI, so it must hold no personal data. Default: the name of the step',
        }),
        uncounted: z.boolean().exactOptional().meta({
          description: 'True: the entry does not count for `reenter`, as if the user had not entered. Default: false',
        }),
      }),
    play: ({ step, reason, uncounted }, j) =>
      j.exit(step, { ...(reason !== undefined && { reason }), ...(uncounted !== undefined && { uncounted }) }),
  },
};
