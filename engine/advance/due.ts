import { journeyOf } from '../definitions/versions';
import { knownAt } from '../user/history';
import { importDue } from '../user/imported';
import { nextStageDue } from '../user/stages';
import { entryDue } from '../user/triggers';
import { deadlineOf } from '../user/may-change';
import type { AdvanceContext } from './context';

/**
 * The next instant at which anything is due, epoch milliseconds: an event not yet seen, imported history, a deadline, a change of stage
 * by time, or an entry by time.
 * @returns null when nothing will be due
 */
export function nextDue({ draft, definitions, wallTime }: AdvanceContext): number | null {
  return earliest([
    ...draft.unseen.slice(0, 1).map((event) => knownAt(event, wallTime)),
    importDue(draft),
    ...draft.runs.all
      .filter((run) => run.status === 'active' && journeyOf(definitions.journeys, run))
      .map((run) => deadlineOf(run, draft)),
    nextStageDue(definitions.lifecycle, draft),
    ...definitions.journeys.map((journey) => entryDue(journey, draft)),
  ]);
}

/**
 * The next instant after the watermark at which an event became known that is already seen, epoch milliseconds. Nothing awaited
 * it when it came, but a step that was decided since, for an earlier instant, may await it.
 * @returns null when there is none
 */
export function nextUnawaited({ draft, wallTime }: AdvanceContext): number | null {
  const known = draft.history.events.flatMap((event) => (event.pending ? [] : knownAt(event, wallTime)));
  return earliest(known.filter((at) => at > draft.memory.watermark));
}

/**
 * The earliest of these times.
 * @returns null when there is none
 */
export function earliest(times: readonly (number | null)[]): number | null {
  return times.reduce((first, at) => (first === null || (at !== null && at < first) ? at : first), null);
}
