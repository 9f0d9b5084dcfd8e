import type { CallContext, CallOptions } from '../../authoring/journey';
import type { Json, JsonObject } from '../../model/json';
import { CALLED } from '../../user/commands';
import { knownAt } from '../../user/history';
import { branchesOf } from './branches';
import type { Branch, StepCall, StepType } from './step-type';

/** Asks an activity to make a call, and waits for its answer, which arrives as an internal event. */
function call<Result extends Json>(
  work: (context: CallContext) => Promise<Result>,
  options: CallOptions<Result>,
): StepCall<Result | null> {
  return {
    kind: 'call',
    text: '',
    work,
    progress({ draft, run, step, logicalTime, wallTime }) {
      const answer = draft.history.events.find(
        (event) =>
          event.name === CALLED &&
          event.properties['run'] === run.id &&
          event.properties['step'] === step &&
          knownAt(event, wallTime) <= logicalTime,
      );
      if (!answer) return { waiting: { until: null, reason: 'call', awaitsAnswer: true } };
      const { result: outcome = null, facts } = answer.properties;
      return { done: { outcome, reason: 'answered', facts: (facts ?? {}) as JsonObject } };
    },
    skip: () => ({ outcome: null }),
    answer: (outcome) => outcome as Result | null,
    branches: () => answersOf(options),
  };
}

/** The examples of the answer. */
function answersOf({ examples = [] }: CallOptions): readonly Branch[] {
  return branchesOf(examples.length === 0 ? [null] : examples);
}

export const CALL: StepType<'call', never> = {
  kind: 'call',
  bind:
    (perform) =>
    (step, work, options = {}) =>
      perform(step, () => call(work, options)),
  figure: null,
  label: (_, chosen) => chosen?.label ?? '',
  steer:
    (j, pilot) =>
    (step, work, options = {}) => {
      pilot.answers(step, answersOf(options));
      return j.call(step, work, options);
    },
  json: null,
};
