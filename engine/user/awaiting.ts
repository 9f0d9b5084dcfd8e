import { goalNames, type Journey } from '../authoring/journey';
import type { Definitions } from '../definitions/definitions';
import { journeyOf } from '../definitions/versions';
import { waitingRecord } from '../model/run';
import type { Run } from '../model/state';
import type { Draft } from './draft';
import { stageEvents } from './stages';
import { triggerType } from './triggers';

/**
 * The names of the events that can change something for this user now: those of waits, exits, goals, stage rules and open
 * triggers. An event with any other name does not have to wake the workflow.
 */
export function awaitingOf(definitions: Definitions, draft: Draft): string[] {
  const names = [
    ...draft.runs.all.flatMap((run) => awaitedByRun(run, journeyOf(definitions.journeys, run))),
    ...stageEvents(definitions.lifecycle, draft.memory.stage),
    ...definitions.journeys.flatMap((journey) => triggerType(journey.enter).awaits(journey.enter, journey, draft)),
  ];
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
