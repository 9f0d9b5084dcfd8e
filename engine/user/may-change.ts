import type { Journey } from '../authoring/journey';
import { ANY_EVENT_NAME, isActivity, isDoneByUser } from '../model/activity';
import { waitingRecord } from '../model/run';
import type { Run, UserEvent, WaitingRecord } from '../model/state';
import { zoneOf } from '../model/zone';
import { awaitedByRun } from './awaiting';
import type { Draft } from './draft';
import { hasMoved } from './followed';
import { keyConcerned } from './history';

/** What a run can await of some events. */
interface Summary {
  readonly names: Set<string>;
  /** One of them is internal. Every run may be waiting for it. */
  internal: boolean;
  /** One of them is activity of the user. */
  activity: boolean;
}

/**
 * The events that have become known since the instant before. They are summed up once per journey and key, so that each run is
 * one lookup, however many events arrived.
 */
export class Arrivals {
  private readonly all: Summary;
  private readonly byJourney = new Map<Journey, ReadonlyMap<string | undefined, Summary>>();

  constructor(private readonly events: readonly UserEvent[]) {
    this.all = summarize(events);
  }

  /** Is one of the events awaited and of concern to the run? */
  concern(run: Run, journey: Journey, awaited: readonly string[]): boolean {
    if (this.all.internal) return true;
    if (run.key === null) return meets(this.all, awaited);
    const byKey = this.byJourney.get(journey) ?? this.group(journey);
    return meets(byKey.get(run.key), awaited) || meets(byKey.get(undefined), awaited);
  }

  private group(journey: Journey): ReadonlyMap<string | undefined, Summary> {
    const byKey = new Map<string | undefined, Summary>();
    for (const event of this.events) {
      const key = keyConcerned(journey, event);
      const summary = byKey.get(key) ?? summarize([]);
      byKey.set(key, note(summary, event));
    }
    this.byJourney.set(journey, byKey);
    return byKey;
  }
}

function summarize(events: readonly UserEvent[]): Summary {
  const summary: Summary = { names: new Set(), internal: false, activity: false };
  for (const event of events) note(summary, event);
  return summary;
}

function note(summary: Summary, event: UserEvent): Summary {
  summary.names.add(event.name);
  summary.internal ||= !isActivity(event);
  summary.activity ||= isDoneByUser(event);
  return summary;
}

function meets(summary: Summary | undefined, awaited: readonly string[]): boolean {
  if (!summary) return false;
  return awaited.some((name) => summary.names.has(name) || (name === ANY_EVENT_NAME && summary.activity));
}

/** An instant to be decided, in epoch milliseconds, and what arrived. */
export interface Instant {
  readonly draft: Draft;
  readonly logicalTime: number;
  readonly arrivals: Arrivals;
}

/**
 * May a run have changed since it was last evaluated? Only if its wait is due, or an event arrived that it awaits. Every other
 * run is left as it is, because evaluating thousands of runs at every instant would take too long.
 */
export function mayChange({ draft, logicalTime, arrivals }: Instant, run: Run, journey: Journey): boolean {
  const waiting = waitingRecord(run);
  if (run.status === 'active' && (!waiting || (dueOf(waiting, draft) ?? Infinity) <= logicalTime)) return true;
  return arrivals.concern(run, journey, awaitedByRun(run, journey));
}

/**
 * When time alone will change a run, epoch milliseconds.
 * @returns null when it never will
 */
export function deadlineOf(run: Run, draft: Draft): number | null {
  const waiting = waitingRecord(run);
  return waiting ? dueOf(waiting, draft) : null;
}

/**
 * When a wait is due. A wait for a time of day is due at once if the user has another zone, and one that follows a trait if that
 * says another time, so that they are computed again.
 */
function dueOf({ zone, follows, until }: WaitingRecord, draft: Draft): number | null {
  const { traits, memory } = draft;
  const isMoved = (zone !== undefined && zone !== zoneOf(traits)) || (follows && hasMoved(draft, follows));
  return isMoved ? memory.watermark : until;
}
