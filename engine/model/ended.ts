import { INTERNAL_PREFIX } from './activity';
import type { Starter } from './entries';
import type { RecordedEvent, Run } from './state';

/** Prefix of the names of the events that a journey has ended, which a run gets of the runs that it started. */
const ENDED = `${INTERNAL_PREFIX}ended:` as const;

export type EndedName = `${typeof ENDED}${string}`;

/** The name of the event that a journey has ended. The journey's id follows the prefix. */
export function endedName(journey: string): EndedName {
  return `${ENDED}${journey}`;
}

/** The journey that has ended, by the name of the event; null for any other event. */
export function endedJourney(name: string): string | null {
  return name.startsWith(ENDED) ? name.slice(ENDED.length) : null;
}

/** The end of a run that another run has started, and the step that started it. */
export interface Ending {
  readonly starter: Starter;
  readonly event: RecordedEvent;
}

/** The end of a run, as the run gets it that started this one; null when none did. */
export function endingOf({
  id,
  journey,
  key,
  status,
  endedBy,
  reason,
  goalAt,
  endedAt,
  startedBy,
}: Run): Ending | null {
  if (!startedBy || endedAt === null) return null;
  const properties = {
    journey,
    ...(key !== null && { key }),
    step: startedBy.step,
    status,
    ...(endedBy && { by: endedBy }),
    reason,
    goalReached: goalAt !== null,
  };
  return { starter: startedBy, event: { id, name: endedName(journey), at: endedAt, properties } };
}
