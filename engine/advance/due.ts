import { knownAt } from '../user/history';
import type { AdvanceContext } from './tick';
import { nextStageDue } from '../user/stages';
import { deadlineOf } from '../user/wake-ups';
import { inactivityDue } from '../user/triggers';
import { journeyOf } from '../definitions/versions';

/** The next moment anything is due: an event not yet looked at, a deadline, a stage, a silence. */
export function nextDue({ draft, definitions, wallTime }: AdvanceContext): number | null {
  const dues = [
    ...draft.unseen.slice(0, 1).map((event) => knownAt(event, wallTime)),
    ...draft.runs
      .filter((run) => run.status === 'active' && journeyOf(definitions.journeys, run))
      .map((run) => deadlineOf(run, draft)),
    nextStageDue(definitions.lifecycle, draft),
    ...definitions.journeys.map((journey) => inactivityDue(journey, draft)),
  ];
  return earliest(dues);
}

/**
 * The next moment at which an event became known that nobody awaited when it came. What was decided since, for a moment
 * before, may await it.
 */
export function nextUnawaited({ draft, wallTime }: AdvanceContext): number | null {
  const known = draft.history.events.flatMap((event) => (event.pending ? [] : knownAt(event, wallTime)));
  return earliest(known.filter((at) => at > draft.memory.clock));
}

/** The first of these; null where none is a moment. */
export function earliest(moments: readonly (number | null)[]): number | null {
  return moments.reduce((first, at) => (first === null || (at !== null && at < first) ? at : first), null);
}
