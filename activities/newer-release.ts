import { ApplicationFailure } from '@temporalio/activity';
import { STATE_FORMAT } from '../engine/model/state';
import type { LoadedUser } from '../store/state-load';
import { NEWER_RELEASE } from '../workflows/failures';

/** Refuses work on a user of a newer release, whose journeys and templates this worker doesn't have. */
export function newerRelease(): ApplicationFailure {
  return ApplicationFailure.retryable('The user was last advanced by a newer release of the journeys', NEWER_RELEASE);
}

/**
 * A state written by a newer release is left as it is, to workers of that release: Temporal repeats the attempt until one takes it.
 * @throws {ApplicationFailure} that is retried
 */
export function refuseNewer({ stateFormat, release }: LoadedUser, own: number): void {
  if (stateFormat > STATE_FORMAT || release > own) throw newerRelease();
}
