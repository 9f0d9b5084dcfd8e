import type { Definitions } from '../definitions/definitions';
import type { Draft } from './draft';
import { isInside } from './entry';
import { ANY_EVENT_NAME } from '../authoring/event';
import type { Journey } from '../authoring/journey';
import { getOwn } from '../model/own-property';
import { stageEvents } from './stages';
import type { Run } from '../model/state';
import { silenceUsed } from './triggers';
import { journeyOf } from '../definitions/versions';

/**
 * The names of the events this user can react to now: waits, exits, goals, stage rules, and triggers still open. An event
 * with any other name need wake nobody.
 */
export function awaitingOf(definitions: Definitions, draft: Draft): string[] {
  const names = [
    ...draft.runs.flatMap((run) => awaitedByRun(run, journeyOf(definitions.journeys, run))),
    ...stageEvents(definitions.lifecycle, draft.memory.stage),
    ...definitions.journeys.flatMap((journey) => openTriggers(journey, draft)),
  ];
  return [...new Set(names)].sort();
}

/** The names of the events that could change a run: its exits, its goal, and what it waits for. */
export function awaitedByRun(run: Run, journey: Journey | undefined): string[] {
  if (!journey || run.endedAt !== null) return [];
  const waiting = run.journal.find(({ status }) => status === 'waiting');
  const awaits = waiting?.facts['awaits'];
  return [
    ...journey.exit,
    ...(journey.goal && run.goalAt === null ? [journey.goal.event] : []),
    ...(Array.isArray(awaits) ? awaits.filter((name) => typeof name === 'string') : []),
  ];
}

function openTriggers(journey: Journey, draft: Draft): string[] {
  const { enter: trigger } = journey;
  if (trigger.kind === 'milestone') {
    const reached = getOwn(draft.memory.counts, trigger.event.name) ?? 0;
    return trigger.counts.some((count) => count > reached) ? [trigger.event.name] : [];
  }
  // What ends a silence that was used begins the next one.
  if (trigger.kind === 'inactivity') return silenceUsed(journey, draft) ? [ANY_EVENT_NAME] : [];
  if (trigger.kind !== 'event') return [];
  const spent = journey.reenter === 'never' && getOwn(draft.memory.entries, journey.id) !== undefined;
  const closed = journey.key === null && (spent || (journey.reenter === 'always' && isInside(draft, journey, null)));
  return closed ? [] : [trigger.name];
}
