import { ANY_EVENT_NAME, declaredName } from '../model/activity';
import type { Run, RunEnd, UserEvent } from '../model/state';
import { byArrival, note, type Draft } from './draft';
import { eventsFor, type Searcher } from './history';

/**
 * Applies exits and the goal, which come before any step. A goal that was reached no later than the exit, even by the same event,
 * is recorded. It also ends the run if the journey says so.
 * @returns the run afterwards, or the same object when neither an exit nor the goal came
 * @throws {MissingHistoryError} when the history at hand does not reach far enough
 */
export function exitOrGoal(searcher: Searcher): Run {
  const { draft, journey, run, logicalTime } = searcher;
  const exit = happened(searcher, journey.exit)[0] ?? null;
  const scored = withGoal(searcher, exit);
  const byGoal = scored !== run && journey.goal?.exit === true;
  if (!exit && !byGoal) return scored;
  draft.cancelledRuns.add(run.id);
  return exit
    ? end({ draft, logicalTime }, scored, 'exit event', declaredName(exit, journey.exit))
    : end({ draft, logicalTime }, scored, 'goal', 'goal');
}

/** Records the goal by the first event that reaches it within its time and not after the exit. A goal is reached once. */
function withGoal(searcher: Searcher, exit: UserEvent | null): Run {
  const { draft, journey, run, logicalTime } = searcher;
  const { goal } = journey;
  if (!goal || run.goalAt !== null) return run;
  // If the goal is any activity, an exit that the journey names does not reach it, such as the deletion of the account.
  const counts = ({ name }: UserEvent): boolean => goal.event !== ANY_EVENT_NAME || !journey.exit.includes(name);
  const reached = happened(searcher, [goal.event])
    .filter(counts)
    .find((event) => exit === null || byArrival(event, exit) <= 0);
  if (!reached || (goal.withinMs !== null && reached.at - run.enteredAt > goal.withinMs)) return run;
  const reason = declaredName(reached, [goal.event]);
  note(draft, { journey: journey.id, step: null, what: 'goal', reason }, logicalTime);
  return { ...run, goalAt: reached.at };
}

/** The events with one of these names that concern the run, in the order they happened. */
function happened(searcher: Searcher, names: readonly string[]): UserEvent[] {
  return eventsFor(searcher, { names, since: searcher.run.since, watchedSince: searcher.run.enteredAt });
}

/** Ends a run. Its status becomes `completed` when its code returned or its goal was reached, and else `exited`. */
export function end(
  { draft, logicalTime }: { readonly draft: Draft; readonly logicalTime: number },
  run: Run,
  endedBy: RunEnd,
  reason: string,
): Run {
  const status = endedBy === 'returned' || endedBy === 'goal' ? 'completed' : 'exited';
  note(draft, { journey: run.journey, step: null, what: status, reason }, logicalTime);
  return { ...run, status, endedBy, reason, endedAt: logicalTime };
}
