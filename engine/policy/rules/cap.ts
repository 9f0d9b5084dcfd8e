import { boundsOn, capOn, fullness } from '../caps';
import type { Rule } from '../rule';

/** There is room under each cap that counts the message. */
export const CAP: Rule = {
  name: 'cap',
  transactional: true,
  ask(policy, candidate, channel) {
    const message = { ...candidate, channel };
    const cap = capOn(policy, candidate, message, candidate.now);
    if (cap) return { says: 'refuse', obstacle: 'cap', reason: cap.reason, roomAt: cap.roomAt };
    return { says: 'pass', fact: fullness(policy, candidate, message, candidate.now) };
  },
  reasons: (policy, channel, message) => boundsOn(policy, { ...message, channel }).map(({ reason }) => reason),
};
