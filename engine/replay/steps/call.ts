import type { CallContext } from '../../authoring/journey';
import type { Json, JsonObject } from '../../model/json';
import { CALLED } from '../../user/commands';
import { knownAt } from '../../user/history';
import type { StepCall, StepType } from './step-type';

/** Asks an activity to make a call, and waits for its answer, which arrives as an internal event. */
function call<Result extends Json>(work: (context: CallContext) => Promise<Result>): StepCall<Result | null> {
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
  };
}

export const CALL: StepType<'call', never> = {
  kind: 'call',
  bind: (perform) => (step, work) => perform(step, () => call(work)),
  figure: null,
  json: null,
};
