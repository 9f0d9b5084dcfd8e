import { performance } from 'node:perf_hooks';
import type { Pool } from 'pg';
import type { Clock } from '../engine/model/clock';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import type { Release } from '../store/releases';
import { takeEdited, takeOverdue, takePending, takeUnanswered, takeUndelivered, type Round } from '../store/relay';
import type { Pace } from './search-times';
import type { TimerLateness } from './timer-lateness';

/**
 * A wake-up counts as lost when it is this much later than those that arrive. They normally arrive within milliseconds, and much later
 * when thousands of timers fire at the same moment. To repeat them then would only add to the load. Real milliseconds.
 */
const GRACE_MS = 20_000;
/** Pause between two wake-ups of one user by the relay. Real milliseconds. */
const REST_MS = 30_000;
/** An attempt that has not begun this long after its time was lost by Temporal. */
const OVERDUE_SECONDS = 15;
/** Age at which an unanswered call wakes its user. Nothing records the last attempt, so the wake-up is repeated from then on. Real milliseconds. */
const UNANSWERED_MS = 30_000;

/** Names of the relay's searches. */
export type SearchName = 'pending' | 'overdue' | 'undelivered' | 'unanswered' | 'edited';

/** What the searches read. */
export interface SearchParts {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly release: Release;
  readonly definitions: DefinitionsProvider;
  readonly lateness: TimerLateness;
}

/** A search for users whose wake-up was lost in one particular way. */
export interface Search extends Pace {
  readonly name: SearchName;
  /** Reason of the wake-up, for readers of the Temporal UI. */
  readonly reason: string;
  /** True where nobody waits for the wake-up: whoever acts meanwhile goes first. */
  readonly isPatient?: boolean;
  /**
   * Takes users to wake, and leaves out those that a relay has woken lately.
   * @returns user ids
   */
  find(): Promise<string[]>;
}

/** All searches of the relay. */
export function searchesOf({ pool, clock, release, definitions, lateness }: SearchParts): Search[] {
  const cutoff = (ms: number): number => clock.now() - ms * clock.speed;
  const lost = (): number => cutoff(GRACE_MS + lateness.recentMs);
  const rested = (restMs = REST_MS): Round => ({ now: clock.real(), restMs });
  const each = (ms: number): Pace => ({ everyMs: ms, seldomMs: ms });
  const always = each(0);
  return [
    {
      name: 'pending',
      reason: 'events waiting',
      ...always,
      find: () => takePending(pool, rested(), lost()),
    },
    {
      name: 'overdue',
      reason: 'deadline passed',
      ...always,
      find: () => takeOverdue(pool, rested(), lost()),
    },
    {
      name: 'undelivered',
      reason: 'delivery overdue',
      ...each(5_000),
      find: () => takeUndelivered(pool, rested(), OVERDUE_SECONDS),
    },
    {
      name: 'unanswered',
      reason: 'call unanswered',
      ...each(10_000),
      find: () => takeUnanswered(pool, rested(), cutoff(UNANSWERED_MS), clock),
    },
    {
      name: 'edited',
      reason: 'journeys changed',
      isPatient: true,
      // This search reads all users. Once it has found everyone, only a worker with other journeys adds more.
      everyMs: 60_000,
      get seldomMs() {
        return release.hasLiveRivals ? 60_000 : 960_000;
      },
      find: () => {
        // A wake-up for the previous change must not delay the one for this change.
        const restMs = Math.min(REST_MS, performance.now() - definitions.since);
        return takeEdited(pool, rested(restMs), definitions.current, release.seq);
      },
    },
  ];
}
