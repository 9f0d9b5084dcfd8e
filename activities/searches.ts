import type { Pool } from 'pg';
import type { Clock } from '../engine/model/clock';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import type { Release } from '../store/releases';
import { takeEdited, takeOverdue, takePending, takeUnanswered, takeUndelivered, type Round } from '../store/relay';
import type { Pace } from './search-times';

/** What a lifecycle is told normally arrives within milliseconds, and within seconds under load, which must not grow by our asking again: what is older was lost. Real milliseconds. */
const GRACE_MS = 20_000;
/** A user told once is not told again for this long. Real milliseconds. */
const REST_MS = 30_000;
/** Attempts at a message begin this much after their time at the latest, unless Temporal forgot them. */
const OVERDUE_SECONDS = 15;
/** Nothing says when a call was last made: after this long without an answer the user is told now and then. Real milliseconds. */
const UNANSWERED_MS = 30_000;

/** Why people are told who are inside journeys that changed. */
export const EDITS = 'journeys changed';

/** What the searches look at. */
export interface SearchParts {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly release: Release;
  readonly definitions: DefinitionsProvider;
}

/** One way to have been forgotten. */
export interface Search extends Pace {
  /** What the user is told. */
  readonly why: string;
  /** Users nobody has told lately; `now` is real. */
  find(now: number): Promise<string[]>;
}

/** Everything the relay looks for. */
export function searchesOf({ pool, clock, release, definitions }: SearchParts): Search[] {
  const cutoff = (ms: number): number => clock.now() - ms * clock.speed;
  const rested = (now: number): Round => ({ now, restMs: REST_MS });
  const each = (ms: number): Pace => ({ everyMs: ms, seldomMs: ms });
  const always = each(0);
  return [
    { why: 'events waiting', ...always, find: (now) => takePending(pool, rested(now), cutoff(GRACE_MS)) },
    { why: 'deadline passed', ...always, find: (now) => takeOverdue(pool, rested(now), cutoff(GRACE_MS)) },
    { why: 'delivery overdue', ...each(5_000), find: (now) => takeUndelivered(pool, rested(now), OVERDUE_SECONDS) },
    {
      why: 'call unanswered',
      ...each(10_000),
      find: (now) => takeUnanswered(pool, rested(now), cutoff(UNANSWERED_MS), clock),
    },
    {
      why: EDITS,
      // It reads all users. When those inside have been told, only a worker that has other journeys brings more.
      everyMs: 60_000,
      get seldomMs() {
        return release.hasLiveRivals ? 60_000 : 960_000;
      },
      find: (now) => {
        // Who was told of the last change is told of this one too.
        const restMs = Math.min(REST_MS, Math.max(0, now - definitions.since));
        return takeEdited(pool, { now, restMs }, definitions.current, release.seq);
      },
    },
  ];
}
