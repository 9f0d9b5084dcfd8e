import { z } from 'zod';
import { askedIn, condition, consentFactsOf, eventFactsOf, holds, type Condition } from '../../authoring/condition';
import { fields } from '../../authoring/fields';
import type { Facts } from '../../authoring/journey';
import { stepName } from '../../authoring/json-fields';
import type { StepContext } from '../context';
import { evaluate } from './facts';
import { readEvents } from './read-events';
import { instant, type Done, type StepCall, type StepForm, type StepType } from './step-type';

/** Decides yes or no, once. */
function check(decide: (facts: Facts) => boolean): StepCall<boolean> {
  const run = (context: StepContext): Done => evaluate(context, decide, (value) => (value ? 'yes' : 'no'));
  const call = {
    kind: 'check',
    text: '',
    decides: decide,
    skip: run,
    answer: (outcome) => outcome === true,
    branches: () => [
      ['yes', true],
      ['no', false],
    ],
  } satisfies Omit<StepCall<boolean>, 'progress'>;
  return instant(call, run);
}

export interface CheckForm extends StepForm {
  readonly kind: 'check';
  readonly if: Condition;
  readonly then?: readonly StepForm[];
  readonly otherwise?: readonly StepForm[];
}

export const CHECK: StepType<'check', CheckForm> = {
  kind: 'check',
  bind: (perform) => (step, decide) => perform(step, () => check(decide)),
  tells: (outcome) => outcome === true,
  figure: 'reason',
  label: ({ outcome }) => (outcome === true ? 'yes' : 'no'),
  steer: (j, pilot) => (step, decide) =>
    j.check(step, (facts) => {
      pilot.decided(step, decide, facts);
      return pilot.choose(step, ['yes', 'no']) === 'yes';
    }),
  json: {
    schema: (steps) =>
      fields({
        kind: z.literal('check').meta({ description: 'Decides yes or no, once' }),
        step: stepName,
        if: condition.meta({ description: 'What is decided' }),
        then: steps.exactOptional().meta({ description: 'The steps if the condition holds' }),
        otherwise: steps.exactOptional().meta({ description: 'The steps if it does not hold' }),
      }),
    async play({ step, if: when, then = [], otherwise = [] }, j, { waits }) {
      const events = readEvents(j, waits);
      // The facts are not copied, because a fact that is read counts as one that mattered.
      const decide = (facts: Facts): boolean => holds(when, Object.assign(Object.create(facts) as Facts, events));
      return (await j.check(step, decide)) ? then : otherwise;
    },
    events: ({ if: when }) => askedIn(when, ['if']),
    channels: ({ if: when }) => consentFactsOf(when, ['if']),
    reads: ({ if: when }) => eventFactsOf(when, ['if']),
    branches: ({ then = [], otherwise = [] }) => [
      { steps: then, path: ['then'] },
      { steps: otherwise, path: ['otherwise'] },
    ],
  },
};
