import { goalNames, type Journey } from '../authoring/journey';
import { narrowedNames } from '../authoring/narrowed';
import type { Definitions } from '../definitions/definitions';
import { journeyOf } from '../definitions/versions';
import { waitingRecord } from '../model/run';
import type { Run } from '../model/state';
import type { Draft } from './draft';
import { stageEvents } from './stages';
import { enteringEvents, triggerType } from './triggers';

/** The names of the events that can change something for a user. */
export interface Awaiting {
  /** An event with any other name does not have to wake the workflow. */
  readonly awaiting: readonly string[];
  /** The same, narrowed by the filters that are data, for those who know them by `Definitions.narrowed`. Null if none is. */
  readonly awaitingExactly: readonly string[] | null;
}

/** What can change something for this user now: the events of waits, exits, goals, stage rules and open triggers. */
export function awaitingOf(definitions: Definitions, draft: Draft): Awaiting {
  const { journeys, lifecycle, narrowed } = definitions;
  const stages = stageEvents(lifecycle, draft.memory.stage);
  const entering = journeys.map((journey) => ({
    names: triggerType(journey.enter).awaits(journey.enter, journey, draft),
    events: enteringEvents(journey),
  }));
  const runs = draft.runs.all.map((run) => ({ run, journey: journeyOf(journeys, run) }));
  const awaiting = sorted([
    ...runs.flatMap(({ run, journey }) => awaitedByRun(run, journey)),
    ...stages,
    ...entering.flatMap(({ names }) => names),
  ]);
  if (!awaiting.some((name) => narrowed.has(name))) return { awaiting, awaitingExactly: null };
  const known = new Set([...narrowed.values()].flatMap((all) => all.map(({ as }) => as)));
  const exactly = [
    ...runs.flatMap(({ run, journey }) => exactlyAwaitedByRun(run, journey, known)),
    ...stages,
    ...entering.flatMap(({ names, events }) => narrowedNames(names, events)),
  ];
  return { awaiting, awaitingExactly: sorted(exactly) };
}

function exactlyAwaitedByRun(run: Run, journey: Journey | undefined, known: ReadonlySet<string>): readonly string[] {
  if (!journey || run.endedAt !== null) return [];
  const { exit, exitEvents, goal } = journey;
  const { awaits = [], narrowed = awaits } = waitingRecord(run) ?? {};
  return [
    ...narrowedNames(exit, exitEvents),
    ...(goal && run.goalAt === null ? narrowedNames(goalNames(goal), goal.events) : []),
    // A filter with values of the run is known to nobody else.
    ...(narrowed.every((name) => awaits.includes(name) || known.has(name)) ? narrowed : awaits),
  ];
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

/** The names of the events that can change a run: those of its exits, its goal and its wait. */
export function awaitedByRun(run: Run, journey: Journey | undefined): string[] {
  if (!journey || run.endedAt !== null) return [];
  return [
    ...journey.exit,
    ...(journey.goal && run.goalAt === null ? goalNames(journey.goal) : []),
    ...(waitingRecord(run)?.awaits ?? []),
  ];
}
