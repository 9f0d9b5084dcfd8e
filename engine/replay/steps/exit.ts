import { z } from 'zod';
import { name, stepName } from '../../authoring/json-fields';
import { instant, type StepCall, type StepForm, type StepType } from './step-type';

/**
 * Ends the run, so that the code after it does not run. An exit that an edit put behind the user's position is skipped like any
 * other step, and the code after it runs.
 */
function exit(reason: string): StepCall<never> {
  const call = {
    kind: 'exit',
    text: reason,
    ends: true,
    skip: () => ({ outcome: null }),
    answer: () => undefined as never,
  } satisfies Omit<StepCall<never>, 'progress'>;
  return instant(call, () => ({ outcome: reason, reason }));
}

export interface ExitForm extends StepForm {
  readonly kind: 'exit';
  readonly reason?: string;
}

export const EXIT: StepType<'exit', ExitForm> = {
  kind: 'exit',
  bind:
    (perform) =>
    (step, reason = step) =>
      perform(step, () => exit(reason)),
  figure: 'reason',
  json: {
    schema: () => z.strictObject({ kind: z.literal('exit'), step: stepName, reason: name.exactOptional() }),
    play: ({ step, reason }, j) => j.exit(step, ...(reason === undefined ? [] : [reason])),
  },
};
