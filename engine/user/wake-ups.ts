import { awaitedByRun } from './awaiting';
import type { Draft } from './draft';
import type { Journey } from '../authoring/journey';
import { concerns, isActivity, isAwaited } from './history';
import type { Run, StepRecord, UserEvent } from '../model/state';
import { zoneOf } from '../model/zone';

/** A moment, and what has become known since the one before. */
export interface Arrivals {
  readonly draft: Draft;
  readonly logicalTime: number;
  readonly arrivals: readonly UserEvent[];
}

/**
 * Could anything have changed for a run that was looked at before? A run that waits is left as it is unless its time is up, or
 * something arrived that it awaits: with thousands of runs, asking each of them at each moment would never end.
 */
export function mayChange({ draft, logicalTime, arrivals }: Arrivals, run: Run, journey: Journey): boolean {
  const waiting = waitOf(run);
  if (run.status === 'active' && (!waiting || (dueOf(waiting, draft) ?? Infinity) <= logicalTime)) return true;
  const awaited = awaitedByRun(run, journey);
  return arrivals.some((event) => isAwaited(event, awaited) && (!isActivity(event) || concerns(journey, run, event)));
}

/** When time alone will touch a run; null for never. */
export function deadlineOf(run: Run, draft: Draft): number | null {
  const waiting = waitOf(run);
  return waiting ? dueOf(waiting, draft) : null;
}

function waitOf({ journal }: Run): StepRecord | undefined {
  return journal.find(({ status }) => status === 'waiting');
}

/** A wait for a time of day is reckoned anew as soon as the user has another zone. */
function dueOf({ kind, facts, until }: StepRecord, { traits, memory }: Draft): number | null {
  const moved = kind === 'sleepUntil' && typeof facts['zone'] === 'string' && facts['zone'] !== zoneOf(traits);
  return moved ? memory.clock : until;
}
