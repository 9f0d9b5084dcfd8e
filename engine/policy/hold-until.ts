import type { Finding } from './rule';

/**
 * Holds a message until an hour at which it may be sent.
 * @param until epoch milliseconds
 * @param reason why it is held, for people
 * @param tooLate why it is suppressed if it would expire before, for people
 */
export function holdUntil(until: number, reason: string, tooLate: string): Finding {
  return { says: 'hold', hold: 'quiet hours', until, reason, tooLate: { cause: 'quiet hours', reason: tooLate } };
}
