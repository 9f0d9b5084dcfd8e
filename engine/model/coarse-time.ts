import type { UserEvent } from './state';

/*
 * Some clients cut the times of events to seconds. A time without milliseconds therefore stands for its whole second: the event
 * happened at some instant of it, but no later than it was received. A time that is cut to minutes can't be told from one that is
 * cut to seconds, so it stands for a second too.
 */

const SECOND_MS = 1_000;

/**
 * May an event have happened at this instant or later? Everything that compares an event with the instant of an entry, a step or a
 * stage asks this function.
 * @param since epoch milliseconds
 */
export function mayHaveHappenedSince({ at, receivedAt }: Pick<UserEvent, 'at' | 'receivedAt'>, since: number): boolean {
  return at >= since || (at % SECOND_MS === 0 && at > since - SECOND_MS && receivedAt >= since);
}

/**
 * The earliest `at` of an event that may have happened since an instant: the start of its second. A history that begins at the
 * instant has to be loaded from here. All in epoch milliseconds.
 */
export function earliestAt(since: number): number {
  return since - (since % SECOND_MS);
}
