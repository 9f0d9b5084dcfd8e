import { windowEnd } from '../../model/zone';
import { PASS, type Rule } from '../rule';

const TOO_LATE = { cause: 'quiet hours', reason: 'expires in quiet hours' } as const;

/** It is not within the quiet hours of the channel, in the user's zone. */
export const QUIET_HOURS: Rule = {
  name: 'quiet hours',
  transactional: false,
  ask({ quietHours }, { zone, now }, channel) {
    const until = quietHours?.channels.includes(channel) ? windowEnd(quietHours, zone, now) : null;
    if (until === null) return PASS;
    return { says: 'hold', hold: 'quiet hours', until, reason: 'quiet hours', tooLate: TOO_LATE };
  },
  reasons: () => [TOO_LATE.reason],
};
