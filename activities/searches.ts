import type { Pool } from 'pg';
import type { Clock } from '../engine/clock';
import type { InForce } from '../engine/definitions';
import type { Release } from '../store/releases';
import { takeEdited, takeOverdue, takePending, takeUnanswered, takeUndelivered, type Round } from '../store/relay';

/** What a lifecycle is told normally arrives within milliseconds, and within seconds under load, which must not grow by our asking again: what is older was lost. Real milliseconds. */
const GRACE_MS = 20_000;
/** A user told once is not told again for this long. Real milliseconds. */
const REST_MS = 30_000;
/** Attempts at a message begin this much after their time at the latest, unless Temporal forgot them. */
const OVERDUE_SECONDS = 15;
/** Nothing says when a call was last made: after this long without an answer the user is told now and then. Real milliseconds. */
const UNANSWERED_MS = 30_000;

/** What the searches look at. */
export interface SearchParts {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly release: Release;
  readonly definitions: InForce;
}

/** One way to have been forgotten. */
export interface Search {
  /** What the user is told. */
  readonly why: string;
  /** Once nobody was found, this long until the next look. Real milliseconds. */
  readonly everyMs: number;
  /** Users nobody has told lately; `now` is real. */
  find(now: number): Promise<string[]>;
}

/** Everything the relay looks for. */
export function searchesOf({ pool, clock, release, definitions }: SearchParts): Search[] {
  const cutoff = (ms: number): number => clock.now() - ms * clock.speed;
  const rested = (now: number): Round => ({ now, restMs: REST_MS });
  return [
    { why: 'events waiting', everyMs: 0, find: (now) => takePending(pool, rested(now), cutoff(GRACE_MS)) },
    { why: 'deadline passed', everyMs: 0, find: (now) => takeOverdue(pool, rested(now), cutoff(GRACE_MS)) },
    { why: 'delivery overdue', everyMs: 5_000, find: (now) => takeUndelivered(pool, rested(now), OVERDUE_SECONDS) },
    {
      why: 'call unanswered',
      everyMs: 10_000,
      find: (now) => takeUnanswered(pool, rested(now), cutoff(UNANSWERED_MS), clock),
    },
    {
      why: 'journeys changed',
      everyMs: 60_000,
      find: (now) => {
        // Who was told of the last change is told of this one too.
        const restMs = Math.min(REST_MS, Math.max(0, now - definitions.since));
        return takeEdited(pool, { now, restMs }, definitions.current, release.seq);
      },
    },
  ];
}
