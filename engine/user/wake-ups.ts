import type { Journey } from '../authoring/journey';
import { isActivity, isAwaited } from '../model/activity';
import { waitingRecord } from '../model/run';
import type { Run, UserEvent, WaitingRecord } from '../model/state';
import { zoneOf } from '../model/zone';
import { awaitedByRun } from './awaiting';
import type { Draft } from './draft';
import { concerns } from './history';

/** An instant, and what has become known since the one before. */
export interface Arrivals {
  readonly draft: Draft;
  readonly logicalTime: number;
  readonly events: readonly UserEvent[];
}

/**
 * Could anything have changed for a run since it was evaluated last? Only if its time is up, or something it awaits arrived.
 * Every other run is left as it is: with thousands of runs, evaluating each of them at each instant would never end.
 */
export function mayChange({ draft, logicalTime, events }: Arrivals, run: Run, journey: Journey): boolean {
  const waiting = waitingRecord(run);
  if (run.status === 'active' && (!waiting || (dueOf(waiting, draft) ?? Infinity) <= logicalTime)) return true;
  const awaited = awaitedByRun(run, journey);
  return events.some((event) => isAwaited(event, awaited) && (!isActivity(event) || concerns(journey, run, event)));
}

/** When time alone will change a run, epoch milliseconds; null for never. */
export function deadlineOf(run: Run, draft: Draft): number | null {
  const waiting = waitingRecord(run);
  return waiting ? dueOf(waiting, draft) : null;
}

/** A wait for a time of day is computed anew as soon as the user has another zone. */
function dueOf({ zone, until }: WaitingRecord, { traits, memory }: Draft): number | null {
  return zone !== undefined && zone !== zoneOf(traits) ? memory.watermark : until;
}
