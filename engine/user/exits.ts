import { ANY_EVENT_NAME, declaredName } from '../model/activity';
import type { Run, RunEnd, UserEvent } from '../model/state';
import { byArrival, note, type Draft } from './draft';
import { eventsFor, type Searcher } from './history';

/**
 * Applies exits and the goal, which come before any step. A goal that was reached no later than the exit is noted, even by
 * the same event, and ends the run itself where the journey says so.
 * @returns the run as it is afterwards; the very same when neither came
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

/** A goal is reached once, within its time by when it happened, and not by what came after the run was left. */
function withGoal(searcher: Searcher, exit: UserEvent | null): Run {
  const { draft, journey, run, logicalTime } = searcher;
  const { goal } = journey;
  if (!goal || run.goalAt !== null) return run;
  // A goal of any activity is not reached by an exit that the journey names, such as the deletion of the account.
  const counts = ({ name }: UserEvent): boolean => goal.event !== ANY_EVENT_NAME || !journey.exit.includes(name);
  const reached = happened(searcher, [goal.event])
    .filter(counts)
    .find((event) => exit === null || byArrival(event, exit) <= 0);
  if (!reached || (goal.withinMs !== null && reached.at - run.enteredAt > goal.withinMs)) return run;
  const reason = declaredName(reached, [goal.event]);
  note(draft, { journey: journey.id, step: null, what: 'goal', reason }, logicalTime);
  return { ...run, goalAt: reached.at };
}

/** Events of the run with one of these names, in the order they happened. */
function happened(searcher: Searcher, names: readonly string[]): UserEvent[] {
  return eventsFor(searcher, { names, since: searcher.run.since, watchedSince: searcher.run.enteredAt });
}

/** Ends a run. It completed where its code returned or its goal was reached; everything else is an exit. */
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
