import { isOneOf, type EventDefinition } from '../authoring/event';
import { goalNames, type Journey } from '../authoring/journey';
import { endingOf } from '../model/ended';
import { ANY_EVENT_NAME } from '../model/activity';
import { declaredName } from '../model/shown-name';
import type { RecordedEvent, Run, RunEnd, UserEvent } from '../model/state';
import { byArrival, note, type Draft } from './draft';
import { eventsFor, meantOf, type Searcher } from './history';

/**
 * Applies exits and the goal, which come before any step. A goal that was reached no later than the exit, even by the same event,
 * is recorded. It also ends the run if the journey says so.
 * @param by only events that happened by then count, epoch milliseconds
 * @returns the run afterwards, or the same object when neither an exit nor the goal came
 * @throws {MissingHistoryError} when the history at hand does not reach far enough
 */
export function exitOrGoal(searcher: Searcher, by = Infinity): Run {
  const { draft, journey, run, logicalTime } = searcher;
  const exit = happened(searcher, by, journey.exit, journey.exitEvents)[0] ?? null;
  const afterGoal = withGoal(searcher, by, exit);
  const byGoal = afterGoal !== run && journey.goal?.exit === true;
  if (!exit && !byGoal) return afterGoal;
  draft.cancelledRuns.add(run.id);
  return exit
    ? end({ draft, logicalTime }, afterGoal, 'exit event', declaredName(exit, journey.exit))
    : end({ draft, logicalTime }, afterGoal, 'goal', 'goal');
}

/**
 * Ends a run because the user enters anew. What ended it, or reached its goal, until the new trigger comes first.
 * @throws {MissingHistoryError} when the history at hand does not reach far enough
 */
export function endForRestart(searcher: Searcher, trigger: Pick<RecordedEvent, 'at'>): Run {
  const left = exitOrGoal(searcher, trigger.at);
  if (left.endedAt !== null) return left;
  searcher.draft.cancelledRuns.add(left.id);
  return end(searcher, left, 'restart', 'entered anew');
}

/** Records the goal by the first event that reaches it within its time and not after the exit. A goal is reached once. */
function withGoal(searcher: Searcher, by: number, exit: UserEvent | null): Run {
  const { draft, journey, run, logicalTime } = searcher;
  const { goal } = journey;
  if (!goal || run.goalAt !== null) return run;
  // If the goal is any activity, an exit that the journey names does not reach it, such as the deletion of the account.
  const names = goalNames(goal);
  const isNamed = (event: UserEvent): boolean =>
    goal.events ? isOneOf(event, goal.events) : event.name === goal.event;
  const counts = (event: UserEvent): boolean =>
    !names.includes(ANY_EVENT_NAME) || isNamed(event) || !isNamedExit(journey, event);
  const reached = happened(searcher, by, names, goal.events && meantOf(goal.events))
    .filter(counts)
    .find((event) => exit === null || byArrival(event, exit) <= 0);
  if (!reached || (goal.withinMs !== null && reached.at - run.enteredAt > goal.withinMs)) return run;
  const reason = declaredName(reached, names);
  note(draft, { journey: journey.id, step: null, what: 'goal', reason }, logicalTime);
  return { ...run, goalAt: reached.at };
}

function isNamedExit({ exit, exitEvents }: Journey, event: UserEvent): boolean {
  return exitEvents ? isOneOf(event, exitEvents) : exit.includes(event.name);
}

/**
 * The events with one of these names that concern the run, in the order they happened.
 * @param by only events that happened by then, epoch milliseconds
 * @param meant the events that are meant, if the names alone do not say it
 */
function happened(
  searcher: Searcher,
  by: number,
  names: readonly string[],
  meant?: readonly EventDefinition<unknown>[],
): UserEvent[] {
  const { since, enteredAt } = searcher.run;
  const known = eventsFor(searcher, { names, meant, since, watchedSince: enteredAt });
  return by === Infinity ? known : known.filter(({ at }) => at <= by);
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
  const ended: Run = { ...run, status, endedBy, reason, endedAt: logicalTime };
  const ending = endingOf(ended);
  if (ending) draft.endings.push(ending);
  return ended;
}
