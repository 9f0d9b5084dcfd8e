import { describeMs } from '../model/duration';
import { goalNames, type Journey } from '../authoring/journey';
import { shownName } from '../model/shown-name';
import { unreachedSteps } from '../outline/declared-steps';
import type { Defect } from './exploration';
import { withoutKey } from './keyless';
import type { Steering } from './steering';
import type { Survey } from './survey';

/**
 * The defects in a survey: what makes `--check` fail.
 * @param complete every path was walked, at least until a loop was cut off. Unreached steps are only reported then.
 */
export function defectsOf(
  journey: Journey,
  survey: Survey,
  { inconsistent, withoutExample, onlyNull, guessedTemplates }: Steering,
  complete: boolean,
): Defect[] {
  return [
    ...[...survey.errors.values()].map((error): Defect => ({ kind: 'error', ...error })),
    ...[...withoutExample].map(([text, step]): Defect => ({
      kind: 'error',
      step,
      text: `no example passes the filter of ${text}: give one as the second argument of where`,
      path: null,
    })),
    ...withoutKey(journey),
    ...(complete && withoutExample.size === 0 ? unreached(journey, survey, onlyNull) : []),
    ...[...survey.endless].map(([step, path]): Defect => ({
      kind: 'endless wait',
      step,
      text: 'can wait forever: set `within`',
      path,
    })),
    ...withoutGoal(journey, survey),
    ...differing(survey, inconsistent),
    ...[...survey.templates.problems.values()].map(({ step, channel, text }): Defect => ({
      kind: 'template',
      step,
      channel,
      text,
      path: null,
    })),
    ...[...guessedTemplates].map(([step, { channel, by }]): Defect => ({
      kind: 'template',
      step,
      channel,
      text: `is named by '${by}', of which not every value is known: say them with \`among\``,
      path: null,
    })),
    ...overBudget(journey, survey, complete),
  ];
}

/** All steps of the journey, reached by some path or not declared; null when some may not have been found. */
export function foundOnAll(
  journey: Journey,
  { steps }: Survey,
  { withoutExample }: Steering,
  complete: boolean,
): ReadonlySet<string> | null {
  return complete && withoutExample.size === 0 && unreachedSteps(journey, steps).length === 0 ? steps : null;
}

function unreached(journey: Journey, { steps }: Survey, onlyNull: readonly string[]): Defect[] {
  const hint =
    onlyNull.length === 0
      ? ''
      : `, where ${onlyNull.map((step) => `'${step}'`).join(' and ')} returns null: give it \`examples\``;
  return unreachedSteps(journey, steps).map((step) => ({
    kind: 'unreached step',
    step,
    text: `no path leads to it${hint}`,
    path: null,
  }));
}

/** Without a goal, returning is the intended end and no defect. */
function withoutGoal({ goal }: Journey, { withoutGoal: { count, path } }: Survey): Defect[] {
  if (!goal || count === 0) return [];
  const paths = count === 1 ? '1 path returns' : `${count} paths return`;
  const text = `${paths} without reaching the goal '${goalNames(goal).map(shownName).join(' or ')}': end such a path with an exit that states the reason`;
  return [{ kind: 'end without goal', step: null, option: 'goal', text, path }];
}

function differing({ differing: path }: Survey, inconsistent: ReadonlySet<string>): Defect[] {
  const kind = 'nondeterminism';
  const decided = [...inconsistent].map(
    (step) => ({ kind, step, text: 'gives different answers for the same facts', path: null }) as const,
  );
  if (path === null) return decided;
  return [
    ...decided,
    { kind, step: null, text: 'a replay of the same path calls other steps, or asks for something else', path },
  ];
}

function overBudget({ budget }: Journey, { budget: { most, path, proven } }: Survey, complete: boolean): Defect[] {
  if (!budget) return [];
  const allowed = `${budget.messages} in ${describeMs(budget.withinMs)}`;
  const sent = most === Infinity ? 'messages without end' : `up to ${most} messages`;
  if (most > budget.messages)
    return [{ kind: 'budget', step: null, text: `sends ${sent}, over the budget of ${allowed}`, path }];
  if (complete && proven) return [];
  const text = `not proven to stay within the budget of ${allowed}: some paths were not walked to their end`;
  return [{ kind: 'budget', step: null, text, path: null }];
}
