import type { Facts } from '../../authoring/journey';
import type { Json } from '../../model/json';
import type { StepContext } from '../context';
import { evaluate, exampleFacts } from './facts';
import { instant, type Done, type StepCall, type StepType } from './step-type';

/** Picks a JSON value, once. */
function pick<Value extends Json>(decide: (facts: Facts) => Value): StepCall<Value> {
  const run = (context: StepContext): Done => evaluate(context, decide, () => 'picked');
  const call = {
    kind: 'pick',
    text: '',
    skip: run,
    answer: (outcome) => outcome as Value,
    branches: (traits) => [['', decide(exampleFacts(traits))]],
  } satisfies Omit<StepCall<Value>, 'progress'>;
  return instant(call, run);
}

export const PICK: StepType<'pick', never> = {
  kind: 'pick',
  bind: (perform) => (step, decide) => perform(step, () => pick(decide)),
  figure: null,
  steer: (j, pilot) => (step, decide) => j.pick(step, (facts) => pilot.decided(step, decide, facts)),
  json: null,
};
