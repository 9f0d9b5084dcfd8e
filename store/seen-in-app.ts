import { isDeepStrictEqual } from 'node:util';
import type { Advanced } from '../engine/advance/advance';
import { isOpen } from '../engine/model/run';
import type { Memory, Run, UserState } from '../engine/model/state';
import { channelSent } from '../engine/replay/steps/send-outcome';

/**
 * Tells whether a decision may change what the user's app shows: the profile, a flag, also by a trait that a journey has set, or
 * messages that are withdrawn or shown only while their run is open. New messages are announced when they are delivered.
 * @param before the user before the decision
 */
export function isSeenInApp(before: UserState, { state: after, changedRuns, effects }: Advanced): boolean {
  return (
    before.memory === null ||
    effects.cancelledRuns.length > 0 ||
    effects.cancelledMessages.length > 0 ||
    changedRuns.some((run) => !isOpen(run) && hasSentInApp(run)) ||
    !isDeepStrictEqual(before.traits, after.traits) ||
    !isDeepStrictEqual(shownOf(before.memory), shownOf(after.memory))
  );
}

function hasSentInApp({ journal }: Run): boolean {
  return journal.some((record) => channelSent(record) === 'inApp');
}

function shownOf({ stage, points, badges, flags }: Memory): Pick<Memory, 'stage' | 'points' | 'badges' | 'flags'> {
  return { stage, points, badges, flags };
}
