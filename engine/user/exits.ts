import { byArrival, note } from './draft';
import { ANY_EVENT_NAME } from '../authoring/event';
import { end } from '../replay/run';
import { declaredName, eventsFor, type Searcher } from './history';
import type { Run, UserEvent } from '../model/state';

/**
 * Exits come before any step. A goal that came no later is noted, be it the same event, and ends the run itself where the journey
 * says so.
 * @returns the run as it is afterwards; the very same when neither came
 * @throws {NeedError} when the history at hand does not reach far enough
 */
export function exitOrGoal(searcher: Searcher): Run {
  const { draft, journey, run, logicalTime } = searcher;
  const exit = happened(searcher, journey.exit)[0] ?? null;
  const scored = withGoal(searcher, exit);
  const byGoal = scored !== run && journey.goal?.exit === true;
  if (!exit && !byGoal) return scored;
  draft.cancelledRuns.add(run.id);
  return exit
    ? end({ draft, logicalTime }, scored, 'exited', declaredName(exit, journey.exit))
    : end({ draft, logicalTime }, scored, 'completed', 'goal');
}

/** A goal is reached once, within its time by when it happened, and not by what came after the run was left. */
function withGoal(searcher: Searcher, exit: UserEvent | null): Run {
  const { draft, journey, run, logicalTime } = searcher;
  const { goal } = journey;
  if (!goal || run.goalAt !== null) return run;
  // Any activity as the goal is not reached by what the journey names as an exit, such as the deletion of the account.
  const counts = ({ name }: UserEvent): boolean => goal.event !== ANY_EVENT_NAME || !journey.exit.includes(name);
  const reached = happened(searcher, [goal.event])
    .filter(counts)
    .find((event) => exit === null || byArrival(event, exit) <= 0);
  if (!reached || (goal.withinMs !== null && reached.at - run.enteredAt > goal.withinMs)) return run;
  note(
    draft,
    { journey: journey.id, step: null, what: 'goal', reason: declaredName(reached, [goal.event]) },
    logicalTime,
  );
  return { ...run, goalAt: reached.at };
}

/** Events of the run with one of these names, in the order they happened. */
function happened(searcher: Searcher, names: readonly string[]): UserEvent[] {
  return eventsFor(searcher, { names, since: searcher.run.since, watchedSince: searcher.run.enteredAt });
}
