import { boundsOn, roomUnder, type Counted } from '../caps';
import type { ChannelName } from '../../model/state';
import type { Foreseen, Rule } from '../rule';

/** There is room under each cap that counts the message. */
export const CAP: Rule = {
  name: 'cap',
  transactional: true,
  ask(policy, candidate, channel) {
    const found = roomUnder(policy, candidate, countedAs(candidate, channel), candidate.now);
    if (typeof found === 'string') return { says: 'pass', fact: found };
    return { says: 'refuse', obstacle: 'cap', reason: found.reason, roomAt: found.roomAt };
  },
  reasons: (policy, channel, message) => boundsOn(policy, countedAs(message, channel)).map(({ reason }) => reason),
};

function countedAs({ transactional, journey, topic }: Foreseen, channel: ChannelName): Counted {
  return { channel, transactional, ...(journey !== undefined && { journey }), ...(topic && { topic: topic.name }) };
}
