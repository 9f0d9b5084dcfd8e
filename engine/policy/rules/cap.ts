import { boundsOn, capOn, fullness, type Counted } from '../caps';
import type { ChannelName } from '../../model/state';
import type { Foreseen, Rule } from '../rule';

/** There is room under each cap that counts the message. */
export const CAP: Rule = {
  name: 'cap',
  transactional: true,
  ask(policy, candidate, channel) {
    const message = countedAs(candidate, channel);
    const cap = capOn(policy, candidate, message, candidate.now);
    if (cap) return { says: 'refuse', obstacle: 'cap', reason: cap.reason, roomAt: cap.roomAt };
    return { says: 'pass', fact: fullness(policy, candidate, message, candidate.now) };
  },
  reasons: (policy, channel, message) => boundsOn(policy, countedAs(message, channel)).map(({ reason }) => reason),
};

function countedAs({ transactional, journey, topic }: Foreseen, channel: ChannelName): Counted {
  return { channel, transactional, ...(journey !== undefined && { journey }), ...(topic && { topic: topic.name }) };
}
