import type { Journey } from '../authoring/journey';
import { isActivity, isAwaited } from '../model/activity';
import { waitingRecord } from '../model/run';
import type { Run, UserEvent, WaitingRecord } from '../model/state';
import { zoneOf } from '../model/zone';
import { awaitedByRun } from './awaiting';
import type { Draft } from './draft';
import { concerns } from './history';

/** A logical time in epoch milliseconds, and the events that have become known since the one decided before. */
export interface Arrivals {
  readonly draft: Draft;
  readonly logicalTime: number;
  readonly events: readonly UserEvent[];
}

/**
 * May a run have changed since it was last evaluated? Only if its wait is due, or an event arrived that it awaits. Every other
 * run is left as it is, because evaluating thousands of runs at every instant would take too long.
 */
export function mayChange({ draft, logicalTime, events }: Arrivals, run: Run, journey: Journey): boolean {
  const waiting = waitingRecord(run);
  if (run.status === 'active' && (!waiting || (dueOf(waiting, draft) ?? Infinity) <= logicalTime)) return true;
  const awaited = awaitedByRun(run, journey);
  return events.some((event) => isAwaited(event, awaited) && (!isActivity(event) || concerns(journey, run, event)));
}

/**
 * When time alone will change a run, epoch milliseconds.
 * @returns null when it never will
 */
export function deadlineOf(run: Run, draft: Draft): number | null {
  const waiting = waitingRecord(run);
  return waiting ? dueOf(waiting, draft) : null;
}

/** When a wait is due. A wait for a time of day is due at once if the user has another zone, so that it is computed again. */
function dueOf({ zone, until }: WaitingRecord, { traits, memory }: Draft): number | null {
  return zone !== undefined && zone !== zoneOf(traits) ? memory.watermark : until;
}
