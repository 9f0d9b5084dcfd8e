import { ApplicationFailure } from '@temporalio/activity';
import { STATE_FORMAT } from '../engine/model/state';
import type { LoadedUser } from '../store/state-load';
import { NEWER_RELEASE } from '../workflows/failures';

/** The failure for work on a user that a newer release has advanced. This worker lacks that release's journeys and templates. */
export function newerRelease(): ApplicationFailure {
  return ApplicationFailure.retryable(
    'A newer release of the journeys has advanced this user; a worker of that release must take over.',
    NEWER_RELEASE,
  );
}

/**
 * Refuses a state that a newer release has written. Temporal repeats the attempt until a worker of that release takes it.
 * @param own sequence number of this worker's release
 * @throws {ApplicationFailure} of type `NewerRelease` when the state is newer
 */
export function refuseNewer({ stateFormat, release }: LoadedUser, own: number): void {
  if (stateFormat > STATE_FORMAT || release > own) throw newerRelease();
}
