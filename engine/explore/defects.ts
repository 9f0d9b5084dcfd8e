import { describeMs } from '../model/duration';
import type { Journey } from '../authoring/journey';
import { declaredSteps } from './declared-steps';
import type { Defect } from './exploration';
import type { Steering } from './steering';
import type { Survey } from './survey';

/** What of a survey `--check` fails for. `complete`: every path was walked, at least until a loop was cut off. */
export function defectsOf(journey: Journey, survey: Survey, { fickle }: Steering, complete: boolean): Defect[] {
  return [
    ...[...survey.errors].map(([text, { step, path }]): Defect => ({ kind: 'error', step, text, path })),
    ...(complete ? unreached(journey, survey) : []),
    ...[...survey.endless].map(([step, path]): Defect => ({
      kind: 'endless wait',
      step,
      text: 'waits for ever: say `within`',
      path,
    })),
    ...withoutGoal(journey, survey),
    ...differing(survey, fickle),
    ...[...survey.templates.problems].map(([text, { step, channel }]): Defect => ({
      kind: 'template',
      step,
      channel,
      text,
      path: null,
    })),
    ...overBudget(journey, survey, complete),
  ];
}

function unreached(journey: Journey, { steps }: Survey): Defect[] {
  return declaredSteps(journey)
    .filter(({ pattern }) => ![...steps].some((step) => pattern.test(step)))
    .map(({ step }) => ({ kind: 'unreached step', step, text: 'no path leads to it', path: null }));
}

/** Where there is no goal, returning is the end that was meant. */
function withoutGoal({ goal }: Journey, { withoutGoal: { count, path } }: Survey): Defect[] {
  if (!goal || count === 0) return [];
  const text = `${count} paths return without having reached '${goal.event}': end them with an exit that says why`;
  return [{ kind: 'end without goal', step: null, text, path }];
}

function differing({ differing: path }: Survey, fickle: ReadonlySet<string>): Defect[] {
  const kind = 'nondeterminism';
  const decided = [...fickle].map(
    (step) => ({ kind, step, text: 'answers differently to the same facts', path: null }) as const,
  );
  if (path === null) return decided;
  return [
    ...decided,
    { kind, step: null, text: 'the code takes another way when it runs over the same path again', path },
  ];
}

function overBudget({ budget }: Journey, { budget: { most, path, proven } }: Survey, complete: boolean): Defect[] {
  if (!budget) return [];
  const allowed = `${budget.messages} in ${describeMs(budget.withinMs)}`;
  if (most > budget.messages)
    return [{ kind: 'budget', step: null, text: `${most} messages where the budget is ${allowed}`, path }];
  if (complete && proven) return [];
  const text = `not proven to keep to ${allowed}: there are paths that were not walked to their end`;
  return [{ kind: 'budget', step: null, text, path: null }];
}
